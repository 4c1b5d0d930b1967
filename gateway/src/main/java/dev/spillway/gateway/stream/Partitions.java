// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.nio.charset.StandardCharsets;
import net.openhft.hashing.LongHashFunction;

/**
 * Which partition a conversation lives in: {@code unsigned xxh64(conversation, seed 0) mod count}.
 *
 * @param count how many there are; fixed for the life of the data
 */
public record Partitions(int count) {
    private static final LongHashFunction XXH64 = LongHashFunction.xx();

    public Partitions {
        if (count < 1 || count > 1024) {
            throw new IllegalArgumentException("partitions: " + count + " (expected: 1..1024)");
        }
    }

    /** The partition of a conversation, {@code page:user} or for events of the page {@code page:post} or the page. */
    public int of(String conversation) {
        var hash = XXH64.hashBytes(conversation.getBytes(StandardCharsets.UTF_8));
        return (int) Long.remainderUnsigned(hash, count);
    }
}
