// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs bots on virtual threads, a bounded number at once, each for a limited time. Pages take turns; those set aside get
 * half of the room at most, so that a page with many thousands waiting, or whose bot hangs, leaves room to the others.
 *
 * <p>A run that outlasts its time is interrupted and its verdict ignored; if it does not end even then it stays as a
 * thread that is counted, and costs its conversation only. That holds for one that computes for ever too: where such runs
 * leave virtual threads nothing to run on, others get threads of the system. Threads: owned by one context.
 */
final class BotRunner {
    private static final Logger log = LoggerFactory.getLogger(BotRunner.class);

    /** By then a virtual thread runs, unless all that could carry it are taken. */
    private static final Duration CARRIED_WITHIN = Duration.ofMillis(250);

    private record Waiting(Bot bot, Delivery delivery, boolean aside, Promise<Verdict> verdict) {}

    private final Vertx vertx;
    private final Context context;
    private final int most;
    private final Duration timeLimit;
    private final Turns<Waiting> waiting = new Turns<>();
    private final Turns<Waiting> waitingAside = new Turns<>();
    private final AtomicInteger overdue = new AtomicInteger();
    private final AtomicInteger onTheirOwn = new AtomicInteger();
    private final AtomicInteger uncarried = new AtomicInteger();
    // Owned by the context.
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
        var run = new BotRun(one.bot(), one.delivery(), context, overdue::decrementAndGet);
        run.ended().onComplete(verdict -> {
            vertx.cancelTimer(run.timer());
            running--;
            runningAside -= one.aside() ? 1 : 0;
            one.verdict().handle(verdict);
            next();
        });
        if (uncarried.get() > 0 && startOnItsOwn(run::run)) {
            look(run, timeLimit, Duration.ZERO);
        } else {
            Thread.ofVirtual().name("bot").start(() -> runUnlessAnotherDoes(run));
            look(run, timeLimit.compareTo(CARRIED_WITHIN) < 0 ? timeLimit : CARRIED_WITHIN, Duration.ZERO);
        }
    }

    // A run that was not carried in time has two threads; the second to come finds nothing to do.
    private void runUnlessAnotherDoes(BotRun run) {
        if (!run.run()) {
            uncarried.decrementAndGet();
        }
    }

    private void look(BotRun run, Duration after, Duration ran) {
        run.watchedBy(vertx.setTimer(
                Math.max(1, after.toMillis()),
                ignored -> context.runOnContext(alsoIgnored -> look(run, ran.plus(after)))));
    }

    // What waits for a thread has not failed: its time begins when it runs.
    private void look(BotRun run, Duration ran) {
        if (run.ended().isComplete()) {
            return;
        }
        if (run.isWaiting()) {
            look(run, carryItself(run) ? timeLimit : CARRIED_WITHIN, Duration.ZERO);
        } else if (ran.compareTo(timeLimit) < 0) {
            look(run, timeLimit.minus(ran), ran);
        } else {
            overdue.incrementAndGet();
            if (!run.giveUp(new TimeoutException("no verdict within " + timeLimit))) {
                overdue.decrementAndGet();
            }
        }
    }

    // Bots that compute for ever, or wait in native code, keep the few threads that carry the virtual ones. The virtual
    // thread stays behind as a scout: while one has not run, those that follow do not try.
    private boolean carryItself(BotRun run) {
        if (uncarried.getAndIncrement() == 0) {
            log.atWarn()
                    .addKeyValue("overdue", overdue.get())
                    .log("Bots keep the processors to themselves: others get threads of their own");
        }
        var started = startOnItsOwn(() -> runUnlessAnotherDoes(run));
        if (!started) {
            uncarried.decrementAndGet();
        }
        return started;
    }

    private boolean startOnItsOwn(Runnable run) {
        if (onTheirOwn.incrementAndGet() > most) {
            onTheirOwn.decrementAndGet();
            return false;
        }
        Thread.ofPlatform().daemon().name("bot").start(() -> {
            try {
                run.run();
            } finally {
                onTheirOwn.decrementAndGet();
            }
        });
        return true;
    }
}
