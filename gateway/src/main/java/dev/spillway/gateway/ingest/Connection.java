// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the public port, seen from in front of the HTTP decoder: what it may wait for, and how it ends.
 *
 * <p>Vert.x has a hook for the accept and one for a whole head, and none for the bytes between; its idle timer is moved
 * by every byte of a body, and costs a look at the clock and a promise per request. So this handler stands first in the
 * pipeline and takes the idle timer's place: a request costs it a few plain writes, and {@link Connections} looks at the
 * clock for all.
 *
 * <p>It also ends a connection so that a refusal can be read: closing a socket with unread bytes resets it, and a reset
 * takes the answer away from a sender that is still sending. After {@link #answeredLast} we end our half only, drop what
 * comes, and close when the other side does, or shortly after.
 *
 * <p>Threads: its event loop.
 */
final class Connection extends ChannelDuplexHandler {
    private static final long LAST_CALL_MILLIS = 1_000;

    private final Connections connections;
    private final Patience patience;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Body body;
    private boolean last;
    private boolean lastCall;
    /** Where it stands in the list of {@link Connections}. */
    int place;

    Connection(Connections connections, Patience.Limits limits) {
        this.connections = connections;
        this.patience = new Patience(limits, connections.now());
    }

    /** A whole head has come; false if it came after a last answer, and must be left alone. */
    boolean request() {
        patience.request(connections.now());
        return !last;
    }

    /** A body is awaited. */
    void awaits(Body body) {
        this.body = body;
        patience.body(connections.now());
    }

    /** The body is whole. */
    void bodyEnded() {
        body = null;
        patience.bodyEnded(connections.now());
    }

    /** The answer is about to be written. */
    void answered() {
        patience.answered(connections.now());
    }

    /** Whether the process is stopping, so that every answer is the last one. */
    boolean isLastCall() {
        return lastCall;
    }

    /** The answer about to be written is the last one on this connection. */
    void answeredLast() {
        last = true;
    }

    /** Closes what has taken too long, and says what it was. */
    Patience.Overdue check(long now) {
        var ctx = context;
        if (ctx == null) {
            return Patience.Overdue.NOTHING;
        }
        var channel = ctx.channel();
        var unsent = channel.bytesBeforeUnwritable() <= channel.config().getWriteBufferHighWaterMark();
        var overdue = patience.overdue(now, unsent);
        var late = body;
        body = overdue == Patience.Overdue.BODY ? null : late;
        var answered = overdue == Patience.Overdue.BODY && late != null && late.late();
        if (overdue != Patience.Overdue.NOTHING && !answered) {
            var unused = ctx.close();
        }
        return overdue;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (patience.isFarewell()) {
            ReferenceCountUtil.release(message);
            return;
        }
        patience.bytes(connections.now());
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connections.closed(this);
        ctx.fireChannelInactive();
    }

    // From the moment Vert.x hears of the shutdown it closes what is idle and drops what comes, even a request that was
    // on its way. So it hears of it a little later, and until then each request is answered, with word that it is the
    // last here.
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ShutdownEvent shutdown && !lastCall) {
            lastCall = true;
            var grace = shutdown.timeUnit().toMillis(shutdown.timeout());
            var unused = ctx.executor()
                    .schedule(
                            () -> ctx.fireUserEventTriggered(event),
                            Math.min(LAST_CALL_MILLIS, grace / 2),
                            TimeUnit.MILLISECONDS);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!last || !(ctx.channel() instanceof DuplexChannel channel)) {
            var unused = ctx.close(promise);
            return;
        }
        var unused = channel.closeFuture().addListener(ignored -> promise.trySuccess());
        if (!patience.isFarewell()) {
            patience.farewell(connections.now());
            ctx.flush();
            var unusedToo = channel.shutdownOutput();
            // Vert.x stops reading while requests queue up; the end of the other side must be seen.
            channel.config().setAutoRead(true);
        }
    }
}
