// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * One direction of one connection: what goes in comes out at the far end later, in order, as the {@link Wire} allows.
 *
 * <p>Holds at most 4 MiB and 4,096 pieces; a sender that is faster waits, as on a real line.
 */
final class DelayLine {
    private static final int BYTES_MAX = 4 << 20;
    private static final int PIECES_MAX = 4_096;

    /** What travels. */
    private sealed interface Piece {
        record Data(ByteBuffer bytes) implements Piece {}

        /** The sender has said all it will say. */
        record End() implements Piece {}

        /** Something to do when everything before it has arrived. */
        record Deed(Runnable runnable) implements Piece {}
    }

    private record Sent(Piece piece, long arrivalNanos) {}

    private final Wire wire;
    private final Socket far;
    private final LinkedBlockingQueue<Sent> travelling = new LinkedBlockingQueue<>(PIECES_MAX);
    private final Semaphore room = new Semaphore(BYTES_MAX);
    private volatile boolean ended;

    DelayLine(Wire wire, Socket far) {
        this.wire = wire;
        this.far = far;
    }

    void send(byte[] bytes) throws InterruptedException {
        if (bytes.length > 0) {
            room.acquire(Math.min(bytes.length, BYTES_MAX));
            travelling.put(new Sent(new Piece.Data(ByteBuffer.wrap(bytes)), wire.arrivalNanos()));
        }
    }

    void sendEnd() throws InterruptedException {
        travelling.put(new Sent(new Piece.End(), wire.arrivalNanos()));
    }

    void thenDo(Runnable deed) throws InterruptedException {
        travelling.put(new Sent(new Piece.Deed(deed), wire.arrivalNanos()));
    }

    /** Ends this direction now, whatever still travels. */
    void end() throws IOException {
        ended = true;
        far.shutdownOutput();
    }

    /** Delivers until the connection is closed or the thread interrupted. */
    void deliver() throws IOException, InterruptedException {
        while (true) {
            var sent = travelling.take();
            wire.awaitArrival(sent.arrivalNanos());
            switch (sent.piece()) {
                case Piece.Data data -> {
                    write(data.bytes().array());
                    room.release(Math.min(data.bytes().capacity(), BYTES_MAX));
                }
                case Piece.End end -> {
                    if (!ended) {
                        end();
                    }
                }
                case Piece.Deed deed -> deed.runnable().run();
            }
        }
    }

    private void write(byte[] bytes) throws IOException, InterruptedException {
        var out = far.getOutputStream();
        int from = 0;
        while (from < bytes.length && !ended) {
            var slice = wire.slice(bytes.length - from);
            wire.pace(slice);
            out.write(bytes, from, slice);
            from += slice;
        }
    }
}
