// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Redis in virtual time: the law in a map, behind links that delay, lose and break. */
final class SimKeeper {
    private static final long TIMEOUT_NANOS = 50_000_000;

    private final SimTime time;
    private final Random random;
    private final List<Consumer<LeaseStore.Signal>> listeners = new ArrayList<>();
    private long clockOffset;
    private long incarnation = 1;
    private long signals;
    final LocalLeaseStore law;
    boolean down;
    boolean losesPublishes;
    long delayNanosMin = 100_000;
    long delayNanosMax = 600_000;
    double loss;
    long commands;

    SimKeeper(SimTime time, Random random) {
        this.time = time;
        this.random = random;
        this.law = new LocalLeaseStore(() -> time.ticks() + clockOffset);
        law.listen(signal -> {
            signals++;
            if (!losesPublishes) {
                for (var listener : listeners) {
                    time.in(delay(), () -> listener.accept(signal));
                }
            }
        });
    }

    /** The server's clock steps. */
    void stepClock(long ticks) {
        clockOffset += ticks;
    }

    /** A failover that lost everything. */
    void loseState() {
        law.forget();
        signals = 0;
        incarnation++;
    }

    LeaseStore link() {
        return new Link();
    }

    private long delay() {
        return delayNanosMin + random.nextLong(delayNanosMax - delayNanosMin + 1);
    }

    /** One node's connection; {@link #cut} breaks it. */
    final class Link implements LeaseStore {
        boolean cut;

        @Override
        public CompletionStage<LeaseReply> acquire(LeaseRequest request) {
            return call(() -> law.acquire(request));
        }

        @Override
        public CompletionStage<ScopeStatus> report(Report report) {
            return call(() -> law.report(report));
        }

        @Override
        public CompletionStage<Long> release(Refund refund) {
            return call(() -> law.release(refund));
        }

        @Override
        public CompletionStage<Pulse> pulse() {
            return call(() -> CompletableFuture.completedStage(new Pulse(Long.toString(incarnation), signals)));
        }

        @Override
        public void listen(Consumer<Signal> onSignal) {
            listeners.add(signal -> {
                if (!cut && !down) {
                    onSignal.accept(signal);
                }
            });
        }

        @Override
        public void close() {}

        private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
            commands++;
            var reply = new CompletableFuture<T>();
            time.in(TIMEOUT_NANOS, () -> reply.completeExceptionally(new TimeoutException()));
            time.in(delay(), () -> {
                if (!down && !cut && random.nextDouble() >= loss) {
                    call.get().thenAccept(value -> {
                        if (random.nextDouble() >= loss) {
                            time.in(delay(), () -> reply.complete(value));
                        }
                    });
                }
            });
            return reply;
        }
    }
}
