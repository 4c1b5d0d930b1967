// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import dev.spillway.gateway.async.Permits;
import dev.spillway.gateway.config.Tuning;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop of the public port, within the number that all loops may have together.
 *
 * <p>One sweep per {@link #SWEEP_MILLIS} looks at all of them: a timer per request would cost each of them a place in a
 * queue and a task, and at 20,000 connections a sweep is less than a millisecond. Threads: its event loop.
 */
final class Connections {
    static final long SWEEP_MILLIS = 250;

    private static final long FAREWELL_MILLIS = 2_000;

    private final List<Connection> open = new ArrayList<>();
    private final Patience.Limits limits;
    private final Permits permits;
    private final IngestMetrics metrics;
    private final LongSupplier nanoClock;
    private long now;
    private long sweptMillis;

    Connections(Tuning.Ingest settings, Permits permits, IngestMetrics metrics, LongSupplier nanoClock) {
        this.limits = new Patience.Limits(
                settings.headerTimeout().toMillis(),
                settings.bodyTimeout().toMillis(),
                settings.idleTimeout().toMillis(),
                settings.headerTimeout().toMillis(),
                FAREWELL_MILLIS,
                SWEEP_MILLIS);
        this.permits = permits;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.sweptMillis = millis();
    }

    /** Takes a new connection in, or closes it if there are too many. */
    @Nullable
    Connection accept(HttpServerConnection http) {
        var context = http.channelHandlerContext();
        if (!permits.tryAcquire(1)) {
            metrics.connectionRefused();
            var unused = context.channel().close();
            return null;
        }
        var connection = new Connection(this, limits);
        connection.place = open.size();
        open.add(connection);
        context.pipeline().addFirst("spillway", connection);
        return connection;
    }

    /** Closes what has taken too long. */
    void sweep() {
        // While the loop stood still it read nothing either: that time counts against nobody.
        var millis = millis();
        now += Math.min(millis - sweptMillis, SWEEP_MILLIS);
        sweptMillis = millis;
        // From the end, as a closed one's place is taken by the last.
        for (var i = open.size() - 1; i >= 0; i--) {
            if (i < open.size()) {
                metrics.overdue(open.get(i).check(now));
            }
        }
    }

    /** The time of the last sweep, in ms of a clock that never runs ahead of the real one. */
    long now() {
        return now;
    }

    void closed(Connection connection) {
        var moved = open.removeLast();
        if (moved != connection) {
            open.set(connection.place, moved);
            moved.place = connection.place;
        }
        permits.release(1);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong());
    }
}
