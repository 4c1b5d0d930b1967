// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What makes two copies of an event the same event: 128 bits of a SHA-256 over its identifying parts.
 *
 * <p>Bots use it as the key for side effects of their own. In JSON it is 32 lower-case hex digits.
 */
public record EventKey(long high, long low) {
    /** Reads 16 bytes, most significant first. */
    public static EventKey of(byte[] digest) {
        var buffer = ByteBuffer.wrap(digest);
        return new EventKey(buffer.getLong(), buffer.getLong());
    }

    /** Reads 32 hex digits. Throws {@link IllegalArgumentException} on anything else. */
    public static EventKey ofHex(CharSequence hex) {
        if (hex.length() != 32) {
            throw new IllegalArgumentException("event key of " + hex.length() + " characters (expected: 32)");
        }
        return new EventKey(HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    /** That of the event when it is sent once more after it became a dead letter; always the same. */
    public EventKey redriven() {
        return new KeyDigest().put("redriven").put(hex()).take();
    }

    /** The 16 bytes, most significant first. */
    public byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** The 32 hex digits. */
    public String hex() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    @Override
    public String toString() {
        return hex();
    }
}
