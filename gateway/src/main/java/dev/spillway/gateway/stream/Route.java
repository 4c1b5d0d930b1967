// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/** Where a link leads, asked before each connection. */
interface Route {
    /** Where to connect now; null while nobody knows. */
    @Nullable
    RedisURI next();

    /** The connection went, could not be made, or was told that a key is elsewhere. */
    default void astray() {}

    /** Whether the link is for one key only, and so must follow it. */
    default boolean followsKey() {
        return false;
    }

    /** Whether sentinels may tell another address than the last time. */
    default boolean isLookedUp() {
        return false;
    }

    /** Always this; whom sentinels call the primary the client library asks them at each connection. */
    static Route to(RedisURI uri) {
        return new Route() {
            @Override
            public RedisURI next() {
                return uri;
            }

            @Override
            public boolean isLookedUp() {
                return !uri.getSentinels().isEmpty();
            }
        };
    }
}
