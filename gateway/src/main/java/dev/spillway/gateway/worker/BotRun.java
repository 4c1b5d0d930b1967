// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of a bot, on the first thread that gets to it. Threads: {@link #run} on any, the rest on the context that is told
 * the verdict.
 */
final class BotRun {
    private enum Life {
        WAITING,
        RUNNING,
        OVERDUE,
        OVER
    }

    private final Bot bot;
    private final Delivery delivery;
    private final Context context;
    private final Runnable onLateEnd;
    private final Promise<Verdict> ended = Promise.promise();
    private final AtomicReference<Life> life = new AtomicReference<>(Life.WAITING);
    private volatile @Nullable Thread thread;
    // Owned by the context.
    private long timer = -1;

    /** {@code onLateEnd}: is called when the bot ends after all, on its own thread. */
    BotRun(Bot bot, Delivery delivery, Context context, Runnable onLateEnd) {
        this.bot = bot;
        this.delivery = delivery;
        this.context = context;
        this.onLateEnd = onLateEnd;
    }

    /** The verdict, or what the bot threw; completes on the context. */
    Future<Verdict> ended() {
        return ended.future();
    }

    /** The timer that looks after it now. */
    void watchedBy(long now) {
        timer = now;
    }

    long timer() {
        return timer;
    }

    /** Whether no thread has got to it. */
    boolean isWaiting() {
        return life.get() == Life.WAITING;
    }

    /** Runs the bot on this thread; false if another thread got to it first. */
    boolean run() {
        if (!life.compareAndSet(Life.WAITING, Life.RUNNING)) {
            return false;
        }
        thread = Thread.currentThread();
        try {
            var verdict = bot.handle(delivery);
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
                onLateEnd.run();
            }
        }
        return true;
    }

    /** Its time is over: whatever the bot says later does not count. True if it had not ended, and runs on. */
    boolean giveUp(Throwable why) {
        var late = ended.tryFail(why) && life.compareAndSet(Life.RUNNING, Life.OVERDUE);
        var running = thread;
        if (late && running != null) {
            running.interrupt();
        }
        return late;
    }
}
