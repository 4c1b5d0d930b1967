// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs bots on virtual threads, a bounded number at once, each for a limited time. Pages take turns; those set aside get
 * half of the room at most, so that a page with many thousands waiting, or whose bot hangs, leaves room to the others.
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

    private record Waiting(Bot bot, Delivery delivery, boolean aside, Promise<Verdict> verdict) {}

    private final Vertx vertx;
    private final Context context;
    private final int most;
    private final Duration timeLimit;
    private final Turns<Waiting> waiting = new Turns<>();
    private final Turns<Waiting> waitingAside = new Turns<>();
    private final AtomicInteger overdue = new AtomicInteger();
    private int running;
    private int runningAside;
    private boolean turnOfAside;

    BotRunner(Vertx vertx, Context context, int most, Duration timeLimit) {
        this.vertx = vertx;
        this.context = context;
        this.most = most;
        this.timeLimit = timeLimit;
    }

    /**
     * The bot's verdict; fails with what it threw, or with {@link TimeoutException}. Completes on the context.
     *
     * @param aside the event's page is set aside
     */
    Future<Verdict> run(Bot bot, Delivery delivery, boolean aside) {
        Promise<Verdict> verdict = Promise.promise();
        (aside ? waitingAside : waiting).add(delivery.event().page(), new Waiting(bot, delivery, aside, verdict));
        next();
        return verdict.future();
    }

    /** How many runs have outlasted their time and not ended yet. Any thread. */
    int overdue() {
        return overdue.get();
    }

    private void next() {
        while (running < most) {
            var one = poll();
            if (one == null) {
                return;
            }
            running++;
            runningAside += one.aside() ? 1 : 0;
            start(one);
        }
    }

    private @Nullable Waiting poll() {
        turnOfAside = !turnOfAside;
        var roomAside = runningAside < Math.max(1, most / 2);
        var first = turnOfAside && roomAside ? waitingAside.poll() : waiting.poll();
        if (first != null) {
            return first;
        }
        return turnOfAside ? waiting.poll() : roomAside ? waitingAside.poll() : null;
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
            runningAside -= one.aside() ? 1 : 0;
            one.verdict().handle(verdict);
            next();
        });
        thread.start();
    }
}
