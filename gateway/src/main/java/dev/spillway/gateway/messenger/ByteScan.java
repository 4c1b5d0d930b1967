// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for rare bytes, eight at a time: most bytes of a body are the inside of strings.
 *
 * <p>The trick is old: subtract from every byte of a word at once and look at the top bits. A borrow can only come from
 * a byte that is itself a hit, so a word without top bits has none.
 */
final class ByteScan {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private ByteScan() {}

    /** The first index from {@code from} on that may hold a quote, a backslash, a control or a non-ASCII byte. */
    static int afterPlain(byte[] in, int from, int to) {
        var i = from;
        while (i + 8 <= to && isPlain((long) WORDS.get(in, i))) {
            i += 8;
        }
        return i;
    }

    /** Whether the bytes hold a line feed or a carriage return. */
    static boolean holdsLineBreak(byte[] in, int from, int to) {
        var i = from;
        for (; i + 8 <= to; i += 8) {
            var word = (long) WORDS.get(in, i);
            if (holds(word, '\n') || holds(word, '\r')) {
                return true;
            }
        }
        for (; i < to; i++) {
            if (in[i] == '\n' || in[i] == '\r') {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlain(long word) {
        var control = word - 0x20 * ONES;
        var quote = (word ^ '"' * ONES) - ONES;
        var backslash = (word ^ '\\' * ONES) - ONES;
        return ((word | control | quote | backslash) & TOPS) == 0;
    }

    private static boolean holds(long word, long value) {
        var difference = word ^ value * ONES;
        return ((difference - ONES) & ~difference & TOPS) != 0;
    }
}
