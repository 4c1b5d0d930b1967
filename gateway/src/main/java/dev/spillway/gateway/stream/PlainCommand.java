// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command of the append path in the protocol's own words, of whose answer only matters whether it is an error. The
 * client library's usual commands carry a future, a list of arguments and a copy of the answer each, which costs more
 * than the rest of the append.
 *
 * <p>Threads: made, written and answered on its link's event loop.
 */
final class PlainCommand extends Command<byte[], byte[], Boolean> {
    private static final byte[] XADD = ascii("XADD");
    private static final byte[] HINCRBY = ascii("HINCRBY");
    private static final byte[] ANY_ID = ascii("*");
    private static final byte[] N = ascii("n");
    private static final byte[] B = ascii("b");
    private static final byte[] ADDED = ascii("added");

    private final byte[][] words;
    private @Nullable Runnable ended;
    private @Nullable Throwable failure;
    private boolean over;

    private PlainCommand(CommandType type, byte[]... words) {
        super(type, new Answer());
        this.words = words;
    }

    /** One entry of so many events. */
    static PlainCommand append(int partition, byte[] lines, int events) {
        var stream = ascii(Keys.in(partition));
        return new PlainCommand(CommandType.XADD, XADD, stream, ANY_ID, N, ascii(Integer.toString(events)), B, lines);
    }

    /** So many more events were added. */
    static PlainCommand count(int partition, int events) {
        var counters = ascii(Keys.counters(partition));
        return new PlainCommand(CommandType.HINCRBY, HINCRBY, counters, ADDED, ascii(Integer.toString(events)));
    }

    /** Is called once it is answered, or never will be. */
    void onEnd(Runnable listener) {
        ended = listener;
    }

    /** Why it failed; null if it went well. Known once it has ended. */
    @Nullable
    Throwable failure() {
        return over ? failure : new StoreUnavailable("the connection to Redis went");
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte('*');
        number(out, words.length);
        for (var word : words) {
            out.writeByte('$');
            number(out, word.length);
            out.writeBytes(word);
            end(out);
        }
    }

    @Override
    public void complete() {
        var answer = Objects.requireNonNull(getOutput());
        end(answer.hasError() ? new RedisCommandExecutionException(answer.getError()) : null);
        super.complete();
    }

    @Override
    public boolean completeExceptionally(Throwable throwable) {
        end(throwable);
        return super.completeExceptionally(throwable);
    }

    @Override
    public void cancel() {
        end(new StoreUnavailable("the connection to Redis went"));
        super.cancel();
    }

    private void end(@Nullable Throwable why) {
        if (!over) {
            over = true;
            failure = why;
            if (ended != null) {
                ended.run();
            }
        }
    }

    private static void number(ByteBuf out, int value) {
        if (value < 10) {
            out.writeByte('0' + value);
        } else {
            ByteBufUtil.writeAscii(out, Integer.toString(value));
        }
        end(out);
    }

    private static void end(ByteBuf out) {
        out.writeByte('\r').writeByte('\n');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes an id or a number and forgets it. */
    private static final class Answer extends CommandOutput<byte[], byte[], Boolean> {
        Answer() {
            super(ByteArrayCodec.INSTANCE, true);
        }

        @Override
        public void set(ByteBuffer id) {
            // Any is as good as another.
        }

        @Override
        public void set(long count) {
            // Any is as good as another.
        }
    }
}
