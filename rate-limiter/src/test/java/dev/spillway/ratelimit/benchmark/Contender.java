// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** A limiter under comparison. */
interface Contender {
    String name();

    /** A node with its own connections, its clock wrong by so many milliseconds if it reads one. */
    Taker open(RedisURI redis, String key, long perSecond, long skewMillis);

    /** A node that keeps a limit for each of many pages. */
    Pages openPages(RedisURI redis, String prefix, long perSecond);

    /** A node whose work pays three limits: as one decision, or as three that are asked for one after the other. */
    default List<Taker> openSeveral(RedisURI redis, String key, long contentClass, long page, long day) {
        return List.of(
                open(redis, key + "-class", contentClass, 0),
                open(redis, key + "-page", page, 0),
                open(redis, key + "-day", day, 0));
    }

    /** One node with many keys. */
    interface Pages extends AutoCloseable {
        CompletionStage<Boolean> tryTake(int page);

        @Override
        void close();
    }

    /** One node. */
    interface Taker extends AutoCloseable {
        /** A decision now: true if allowed. */
        CompletionStage<Boolean> tryTake();

        /** Completes when its turn has come; the answer is asked right before the use, false if it came too late. */
        CompletionStage<BooleanSupplier> take();

        /** The same for so long; true if its turn came. */
        CompletionStage<Boolean> take(Duration maxWait);

        @Override
        void close();
    }
}
