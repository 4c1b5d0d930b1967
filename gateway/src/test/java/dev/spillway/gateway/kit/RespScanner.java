// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

/**
 * Finds where one RESP frame ends, in bytes that come in any pieces. Knows RESP2 and RESP3, nested to any sane depth.
 *
 * <p>It keeps no bytes, only where it stands: how many elements each open array still wants, how many bytes the current
 * string still has. An attribute ({@code |}) belongs to the element after it and does not count as one.
 */
final class RespScanner {
    private static final int DEPTH_MAX = 128;
    private static final long LENGTH_MAX = 1L << 30;

    private enum At {
        TYPE,
        LINE,
        BODY
    }

    private final boolean inlineCommands;
    private final long[] wanted = new long[DEPTH_MAX];
    private final boolean[] attribute = new boolean[DEPTH_MAX];
    private int depth;
    private At at = At.TYPE;
    private boolean inFrame;
    private byte frameType;
    private byte type;
    private long number;
    private boolean negative;
    private long bodyLeft;

    private RespScanner(boolean inlineCommands) {
        this.inlineCommands = inlineCommands;
    }

    static RespScanner ofReplies() {
        return new RespScanner(false);
    }

    /** Also takes a bare line for a command, as a person at a terminal types it. */
    static RespScanner ofCommands() {
        return new RespScanner(true);
    }

    /** Whether bytes of a frame were seen whose end was not. */
    boolean inFrame() {
        return inFrame;
    }

    /** The first byte of the frame that is open or ended last. */
    byte frameType() {
        return frameType;
    }

    /** The index after the end of the open frame, or -1 when it does not end before {@code to}. */
    int endOfFrame(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (at == At.BODY) {
                var step = (int) Math.min(bodyLeft, to - i);
                i += step;
                bodyLeft -= step;
                if (bodyLeft == 0 && elementEnds()) {
                    return i;
                }
            } else if (step(bytes[i++])) {
                return i;
            }
        }
        return -1;
    }

    /** One byte of a type or of a line; true when it ends the frame. */
    private boolean step(byte b) {
        if (at == At.TYPE) {
            type = b;
            number = 0;
            negative = false;
            at = At.LINE;
            if (!inFrame) {
                inFrame = true;
                frameType = b;
            }
            return false;
        }
        if (b == '\n') {
            return lineEnds();
        }
        if (b == '-') {
            negative = true;
        } else if (b >= '0' && b <= '9' && number <= LENGTH_MAX) {
            number = number * 10 + (b - '0');
        }
        return false;
    }

    private boolean lineEnds() {
        return switch (type) {
            case '+', '-', ':', ',', '(', '#', '_' -> elementEnds();
            case '$', '=', '!' -> body();
            case '*', '~', '>' -> open(number, false);
            case '%' -> open(number * 2, false);
            case '|' -> open(number * 2, true);
            default -> inline();
        };
    }

    private boolean inline() {
        if (inlineCommands && depth == 0) {
            return elementEnds();
        }
        throw new IllegalStateException("not RESP: a line that starts with byte " + type);
    }

    private boolean body() {
        if (negative) {
            return elementEnds();
        }
        checkLength();
        bodyLeft = number + 2; // the line end after it
        at = At.BODY;
        return false;
    }

    private boolean open(long elements, boolean isAttribute) {
        if (negative || elements == 0) {
            return isAttribute ? next() : elementEnds();
        }
        checkLength();
        if (depth == DEPTH_MAX) {
            throw new IllegalStateException("RESP nested deeper than " + DEPTH_MAX);
        }
        wanted[depth] = elements;
        attribute[depth++] = isAttribute;
        return next();
    }

    private void checkLength() {
        if (number > LENGTH_MAX) {
            throw new IllegalStateException("RESP length over " + LENGTH_MAX);
        }
    }

    private boolean next() {
        at = At.TYPE;
        return false;
    }

    private boolean elementEnds() {
        at = At.TYPE;
        while (depth > 0) {
            if (--wanted[depth - 1] > 0) {
                return false;
            }
            if (attribute[--depth]) {
                return false; // what it belongs to comes next
            }
        }
        inFrame = false;
        return true;
    }
}
