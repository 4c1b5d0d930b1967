// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.CrashPoint;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One notification on its way into the store: it has arrived when each of its parts has ended.
 *
 * <p>Threads: parts end on their lanes; the result comes on the context that asked.
 */
final class Append {
    private final ContextInternal home;
    private final Promise<Void> stored;
    private final AtomicInteger open;
    private volatile @Nullable Throwable failure;

    Append(ContextInternal home, int parts) {
        this.home = home;
        this.stored = home.promise();
        this.open = new AtomicInteger(parts);
    }

    /** Ends with the last part. */
    Future<Void> stored() {
        return stored.future();
    }

    /** What a part of it tells; {@code homeward} is its lane's. */
    Completable<Void> part(Homeward homeward) {
        return (nothing, failed) -> {
            if (failed != null) {
                failure = failed;
            }
            if (open.decrementAndGet() == 0) {
                homeward.add(this);
            }
        };
    }

    ContextInternal home() {
        return home;
    }

    /** Tells who asked. Call on {@link #home}. */
    void arrived() {
        CrashPoint.at("append.after");
        var failed = failure;
        if (failed == null) {
            stored.complete();
        } else {
            stored.fail(failed);
        }
    }
}
