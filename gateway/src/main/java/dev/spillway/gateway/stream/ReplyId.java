// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.EventKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The name of one reply, the same however often its event is run: {@code partition/event key/subscription/ordinal}.
 *
 * <p>It travels to the platform as metadata and comes back in the echo.
 */
public record ReplyId(int partition, String rest) {
    /** The {@code ordinal}-th reply of a subscription to an event. */
    public static ReplyId of(int partition, EventKey event, Subscription subscription, int ordinal) {
        return new ReplyId(partition, event.hex() + "/" + subscription.id() + "/" + ordinal);
    }

    /** Reads what {@link #toString} wrote, or null if the text is something else. */
    public static @Nullable ReplyId parse(String text) {
        var slash = text.indexOf('/');
        if (slash < 1 || slash > 4 || text.length() > 200) {
            return null;
        }
        for (var i = 0; i < slash; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        return new ReplyId(Integer.parseInt(text, 0, slash, 10), text.substring(slash + 1));
    }

    /** 16 bytes that stand for it among the settled. */
    byte[] digest() {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return Arrays.copyOf(sha256.digest(toString().getBytes(StandardCharsets.UTF_8)), 16);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    @Override
    public String toString() {
        return partition + "/" + rest;
    }
}
