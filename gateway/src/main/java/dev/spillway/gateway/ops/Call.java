// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;

/**
 * A request that reached its route.
 *
 * @param path the values of the path's {@code {names}}
 * @param query the first value of each parameter of the query
 * @param accept which types of content the caller reads; empty if it did not say
 * @param body at most 64 KiB
 */
public record Call(Map<String, String> path, Map<String, String> query, String accept, Buffer body) {
    /** The value of a {@code {name}} in the route's path. */
    public String path(String name) {
        var value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no {" + name + "} in this route's path");
        }
        return value;
    }

    /** The value of a parameter of the query. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** Names nothing that a caller sent. */
    @Override
    public String toString() {
        return "Call";
    }
}
