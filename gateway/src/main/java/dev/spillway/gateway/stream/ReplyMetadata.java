// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import org.jspecify.annotations.Nullable;

/** How a reply's id travels in the platform's {@code metadata} string, which comes back in the echo. */
public final class ReplyMetadata {
    private static final String PREFIX = "spillway:";

    private ReplyMetadata() {}

    /** The metadata of a reply, with what the bot itself had put there behind a line feed. */
    public static String of(ReplyId id, @Nullable String ofBot) {
        return ofBot == null ? PREFIX + id : PREFIX + id + "\n" + ofBot;
    }

    /** The id in an echo's metadata, or null if the echo is not of a reply of ours. */
    public static @Nullable ReplyId read(@Nullable String metadata) {
        if (metadata == null || !metadata.startsWith(PREFIX)) {
            return null;
        }
        var end = metadata.indexOf('\n');
        return ReplyId.parse(metadata.substring(PREFIX.length(), end < 0 ? metadata.length() : end));
    }
}
