// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A growing array of bytes for record lines: without a lock, and with plain text written straight into it. Not for
 * several threads.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // That is its point.
public final class LineBuffer extends ByteArrayOutputStream {
    /** Room for so many bytes before it grows. */
    public LineBuffer(int room) {
        super(room);
    }

    /** The bytes; the array itself where it is full to the last. */
    @Override
    public byte[] toByteArray() {
        return count == buf.length ? buf : Arrays.copyOf(buf, count);
    }

    @Override
    public void write(int b) {
        room(1);
        buf[count++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, buf, count, length);
        count += length;
    }

    @Override
    public void writeBytes(byte[] all) {
        write(all, 0, all.length);
    }

    /** Writes text of characters below 256, one byte each. */
    @SuppressWarnings("deprecation") // For exactly these characters it does what is meant, without an array between.
    void latin(String text) {
        var length = text.length();
        room(length);
        text.getBytes(0, length, buf, count);
        count += length;
    }

    @Override
    public int size() {
        return count;
    }

    private void room(int more) {
        if (count + more > buf.length) {
            buf = Arrays.copyOf(buf, Math.max(count + more, buf.length * 2));
        }
    }
}
