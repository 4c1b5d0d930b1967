// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * JSON bytes as they came, never re-serialised. A view of an array that nobody writes to any more.
 *
 * <p>May hold a person's text, so it does not print itself.
 */
public final class RawJson {
    private final byte[] bytes;
    private final int from;
    private final int length;

    private RawJson(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.from = from;
        this.length = length;
    }

    /** A view of {@code bytes[from, from + length)}. The caller gives the array away. */
    public static RawJson view(byte[] bytes, int from, int length) {
        return new RawJson(bytes, from, length);
    }

    /** The UTF-8 bytes of a text. */
    public static RawJson of(String json) {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        return new RawJson(bytes, 0, bytes.length);
    }

    /** How many bytes. */
    public int length() {
        return length;
    }

    /** The byte at {@code index}, counted from the start of this view. */
    public byte at(int index) {
        return bytes[from + index];
    }

    /** A copy of the bytes. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** Appends the bytes without a copy between. */
    public void appendTo(ByteArrayOutputStream out) {
        out.write(bytes, from, length);
    }

    /** Whether the bytes hold no line feed and no carriage return. */
    boolean isOneLine() {
        return !ByteScan.holdsLineBreak(bytes, from, from + length);
    }

    /** Copies the bytes to {@code to}, from {@code at} on. */
    void copyTo(byte[] to, int at) {
        System.arraycopy(bytes, from, to, at, length);
    }

    /** A cursor before the first byte. */
    JsonCursor cursor(int depthMax) {
        return new JsonCursor(bytes, from, from + length, depthMax);
    }

    /** The bytes as text. */
    public String text() {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawJson that
                && Arrays.equals(bytes, from, from + length, that.bytes, that.from, that.from + that.length);
    }

    @Override
    public int hashCode() {
        var hash = 1;
        for (var i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "RawJson(" + length + " bytes)";
    }
}
