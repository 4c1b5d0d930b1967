// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import static java.util.Objects.requireNonNull;

import dev.spillway.gateway.graph.Answer;
import dev.spillway.gateway.graph.Outcome;
import dev.spillway.gateway.messenger.Remedy;
import dev.spillway.gateway.stream.ReplyRecord;
import dev.spillway.ratelimit.BreakerKey;
import dev.spillway.ratelimit.CircuitBreakerCoordinator;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Result;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * No call is made while the other side is ill: circuit breakers of the host, of each app and of each page, shared by all
 * processes, in front of the page's limits, so that an open one costs no permit.
 *
 * <p>Each breaker counts only what is its own fault. The host's: no connection, no answer in time, a server error that
 * is not the platform's own. The page's: the platform's own word that it failed. The app's is opened by the platform's
 * word that its calls are used up. Throttles and refusals of one message are none of theirs. Holds a gate for each
 * configured page and app. Threads: owned by one context.
 */
final class Guarded implements Pace {
    private static final Duration APP_REST_MIN = Duration.ofMinutes(1);
    private static final int DOUBLINGS_MAX = 4;
    private static final Duration APP_REST_MAX = Duration.ofMinutes(15);

    /** What a breaker is of, from broad to narrow. */
    private enum Of {
        HOST,
        APP,
        PAGE;

        private final String word = name().toLowerCase(Locale.ROOT);

        BreakerKey key(String name) {
            return new BreakerKey(word + ":" + name);
        }
    }

    private record Passed(Of of, Gate gate, Entry.Entered entry) {}

    private final Pace limits;
    private final CircuitBreakerCoordinator breakers;
    private final String host;
    private final LongSupplier nanoClock;
    private final Map<Of, Map<String, Gate>> gates = new EnumMap<>(Of.class);
    private final Map<Of, AtomicInteger> open = new EnumMap<>(Of.class);
    private final Map<String, Integer> appRests = new HashMap<>();

    Guarded(
            Pace limits,
            CircuitBreakerCoordinator breakers,
            String host,
            LongSupplier nanoClock,
            MeterRegistry registry) {
        this.limits = limits;
        this.breakers = breakers;
        this.host = host;
        this.nanoClock = nanoClock;
        for (var of : Of.values()) {
            var count = new AtomicInteger();
            open.put(of, count);
            gates.put(of, new HashMap<>());
            Gauge.builder("spillway.dispatch.breakers.open", count, AtomicInteger::get)
                    .description("Circuit breakers that this process knows to be open.")
                    .tag("of", of.word)
                    .register(registry);
        }
    }

    private Gate gate(Of of, ReplyRecord reply) {
        var name =
                switch (of) {
                    case HOST -> host;
                    case APP -> reply.app();
                    case PAGE -> reply.page();
                };
        return requireNonNull(gates.get(of))
                .computeIfAbsent(
                        name, ignored -> new Gate(of.key(name), breakers, nanoClock, requireNonNull(open.get(of))));
    }

    @Override
    public Future<Word> permit(ReplyRecord reply) {
        for (var of : Of.values()) {
            var away = gate(of, reply).knock();
            if (!away.isZero()) {
                return Future.succeededFuture(new Word.NotYet(away));
            }
        }
        return limits.permit(reply)
                .map(word ->
                        word instanceof Word.Granted(var permit) ? new Word.Granted(new Leave(reply, permit)) : word);
    }

    private final class Leave implements Permit {
        private final ReplyRecord reply;
        private final Permit permit;
        private final List<Passed> passed = new ArrayList<>();
        private long enteredNanos;

        Leave(ReplyRecord reply, Permit permit) {
            this.reply = reply;
            this.permit = permit;
        }

        @Override
        public boolean spend() {
            return permit.spend() && enter();
        }

        private boolean enter() {
            enteredNanos = nanoClock.getAsLong();
            for (var of : Of.values()) {
                var gate = gate(of, reply);
                var entry = gate.enter();
                if (entry == null) {
                    passed.forEach(through -> through.gate().left(through.entry()));
                    passed.clear();
                    return false;
                }
                passed.add(new Passed(of, gate, entry));
            }
            return true;
        }

        @Override
        public Duration dueIn() {
            return permit.dueIn();
        }

        @Override
        public boolean isVoid() {
            return permit.isVoid();
        }

        @Override
        public Future<Void> renewed() {
            return permit.renewed();
        }

        @Override
        public boolean isProbe() {
            return passed.stream().anyMatch(through -> through.entry().probe());
        }

        @Override
        public void used(Answer answer) {
            permit.used(answer);
            var probe = isProbe();
            var took = Duration.ofNanos(nanoClock.getAsLong() - enteredNanos);
            for (var through : passed) {
                through.gate().ended(through.entry(), result(through.of(), answer.outcome()), took);
            }
            passed.clear();
            if (answer.outcome() instanceof Outcome.Refused refused && refused.remedy() == Remedy.PAUSE_APP) {
                restApp(answer.usage().regain(), probe);
            } else if (answer.outcome() instanceof Outcome.Sent) {
                appRests.remove(reply.app());
            }
        }

        // One word of a burst is enough, but a probe that hears it again makes the rest longer.
        private void restApp(Duration regain, boolean probe) {
            var gate = gate(Of.APP, reply);
            if (gate.isShut() && !probe) {
                return;
            }
            var times = appRests.merge(reply.app(), 1, Integer::sum);
            var doubled = APP_REST_MIN.multipliedBy(1L << Math.min(times - 1, DOUBLINGS_MAX));
            var rest = regain.isZero() ? (doubled.compareTo(APP_REST_MAX) > 0 ? APP_REST_MAX : doubled) : regain;
            gate.shut(rest);
            var ignored = breakers.forceOpen(Of.APP.key(reply.app()), rest);
        }

        @Override
        public void release() {
            permit.release();
        }
    }

    private static Result result(Of of, Outcome outcome) {
        return switch (of) {
            case HOST ->
                switch (outcome) {
                    case Outcome.Sent ignored -> Result.SUCCEEDED;
                    case Outcome.Refused ignored -> Result.SUCCEEDED;
                    case Outcome.InDoubt doubt -> doubt.answered() ? Result.SUCCEEDED : Result.FAILED;
                    case Outcome.NotSent notSent -> notSent.ours() ? Result.ABANDONED : Result.FAILED;
                };
            case APP -> result(Remedy.PAUSE_APP, outcome);
            case PAGE -> result(Remedy.RETRY, outcome);
        };
    }

    // By the platform's own word: one remedy is its fault, throttles and silence say nothing.
    private static Result result(Remedy fault, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Sent ignored -> Result.SUCCEEDED;
            case Outcome.Refused refused ->
                refused.remedy() == fault
                        ? Result.FAILED
                        : refused.remedy().isThrottle() ? Result.ABANDONED : Result.SUCCEEDED;
            case Outcome.InDoubt ignored -> Result.ABANDONED;
            case Outcome.NotSent ignored -> Result.ABANDONED;
        };
    }
}
