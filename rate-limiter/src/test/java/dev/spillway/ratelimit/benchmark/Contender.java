// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import io.lettuce.core.RedisURI;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** A limiter under comparison. */
interface Contender {
    String name();

    /** A node with its own connections, its clock wrong by so many milliseconds if it reads one. */
    Taker open(RedisURI redis, String key, long perSecond, long skewMillis);

    /** One node. */
    interface Taker extends AutoCloseable {
        /** A decision now: true if allowed. */
        CompletionStage<Boolean> tryTake();

        /** Completes when its turn has come; the answer is asked right before the use, false if it came too late. */
        CompletionStage<BooleanSupplier> take();

        @Override
        void close();
    }
}
