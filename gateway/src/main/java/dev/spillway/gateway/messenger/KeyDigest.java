// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over length-prefixed parts. The prefix (4 bytes, biggest first; -1 for an absent part) keeps
 * {@code ("ab", "c")} and {@code ("a", "bc")} apart. Not for use by two threads.
 */
final class KeyDigest {
    /** Never updated, only cloned: a clone is cheaper than a look-up and shares no state. */
    private static final MessageDigest PROTOTYPE = sha256();

    private final MessageDigest sha = fresh();
    private byte[] buffer = new byte[256];
    private int length;

    KeyDigest put(@Nullable String part) {
        if (part == null) {
            return prefix(-1);
        }
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        prefix(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
        return this;
    }

    KeyDigest put(long part) {
        prefix(8);
        for (var shift = 56; shift >= 0; shift -= 8) {
            buffer[length++] = (byte) (part >>> shift);
        }
        return this;
    }

    KeyDigest put(RawJson part) {
        prefix(part.length());
        part.copyTo(buffer, length);
        length += part.length();
        return this;
    }

    /** The key of the parts put since the last one. */
    EventKey take() {
        sha.update(buffer, 0, length);
        length = 0;
        return EventKey.of(sha.digest());
    }

    private KeyDigest prefix(int part) {
        var need = length + 4 + Math.max(8, part);
        if (need > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(need, 2 * buffer.length));
        }
        for (var shift = 24; shift >= 0; shift -= 8) {
            buffer[length++] = (byte) (part >>> shift);
        }
        return this;
    }

    private static MessageDigest fresh() {
        try {
            return (MessageDigest) PROTOTYPE.clone();
        } catch (CloneNotSupportedException never) {
            throw new IllegalStateException("the platform's own SHA-256 can be cloned", never);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every Java platform has SHA-256", never);
        }
    }
}
