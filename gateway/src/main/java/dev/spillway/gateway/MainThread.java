// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the main thread does: waits for the signal to stop, stops, and ends the process with exit code 0. */
final class MainThread {
    private MainThread() {}

    /** Waits for a signal to stop; stops, within this time; ends the JVM. Does not return. */
    static void untilStopped(Supplier<Future<Void>> stop, Duration most) throws InterruptedException {
        var hook = new Thread(
                () -> {
                    var ended = new CountDownLatch(1);
                    stop.get().onComplete(ignored -> ended.countDown());
                    try {
                        var unused = ended.await(most.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException leaving) {
                        Thread.currentThread().interrupt();
                    }
                    // A JVM that ends by a signal says 143; one that drained has done what it was asked for.
                    Runtime.getRuntime().halt(0);
                },
                "drain");
        Runtime.getRuntime().addShutdownHook(hook);
        new CountDownLatch(1).await();
    }

    /** The future's result; throws what it failed with. */
    static <T> T result(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }
}
