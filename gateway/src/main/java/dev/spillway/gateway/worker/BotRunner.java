// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs bots on virtual threads, a bounded number at once, each for a limited time.
 *
 * <p>A run that outlasts its time is interrupted and its verdict ignored; if it does not end even then it stays as a
 * thread that is counted, and costs its conversation only. Threads: owned by one context.
 */
final class BotRunner {
    private enum Life {
        RUNNING,
        OVERDUE,
        OVER
    }

    private record Waiting(Bot bot, Delivery delivery, Promise<Verdict> verdict) {}

    private final Vertx vertx;
    private final Context context;
    private final int most;
    private final Duration timeLimit;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final AtomicInteger overdue = new AtomicInteger();
    private int running;

    BotRunner(Vertx vertx, Context context, int most, Duration timeLimit) {
        this.vertx = vertx;
        this.context = context;
        this.most = most;
        this.timeLimit = timeLimit;
    }

    /** The bot's verdict; fails with what it threw, or with {@link TimeoutException}. Completes on the context. */
    Future<Verdict> run(Bot bot, Delivery delivery) {
        Promise<Verdict> verdict = Promise.promise();
        waiting.addLast(new Waiting(bot, delivery, verdict));
        next();
        return verdict.future();
    }

    /** How many runs have outlasted their time and not ended yet. Any thread. */
    int overdue() {
        return overdue.get();
    }

    private void next() {
        while (running < most && !waiting.isEmpty()) {
            running++;
            start(waiting.removeFirst());
        }
    }

    private void start(Waiting one) {
        Promise<Verdict> ended = Promise.promise();
        var life = new AtomicReference<>(Life.RUNNING);
        var thread = Thread.ofVirtual().name("bot").unstarted(() -> {
            try {
                var verdict = one.bot().handle(one.delivery());
                context.runOnContext(ignored -> {
                    if (verdict == null) {
                        ended.tryFail(new NullPointerException("the bot gave no verdict"));
                    } else {
                        ended.tryComplete(verdict);
                    }
                });
            } catch (Throwable thrown) { // A bot may throw anything, a StackOverflowError too.
                context.runOnContext(ignored -> ended.tryFail(thrown));
            } finally {
                if (life.getAndSet(Life.OVER) == Life.OVERDUE) {
                    overdue.decrementAndGet();
                }
            }
        });
        var timer = vertx.setTimer(
                timeLimit.toMillis(),
                ignored -> context.runOnContext(alsoIgnored -> {
                    if (ended.tryFail(new TimeoutException("no verdict within " + timeLimit))) {
                        if (life.compareAndSet(Life.RUNNING, Life.OVERDUE)) {
                            overdue.incrementAndGet();
                        }
                        thread.interrupt();
                    }
                }));
        ended.future().onComplete(verdict -> {
            vertx.cancelTimer(timer);
            running--;
            one.verdict().handle(verdict);
            next();
        });
        thread.start();
    }
}
