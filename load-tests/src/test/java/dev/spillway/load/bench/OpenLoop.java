// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/**
 * Sends requests when they are due, however slow the answers are, and counts each one's time from the moment it was due:
 * a request that has to wait for a free connection waits on the server's account.
 *
 * <p>One thread; sleeps at most 0.1 ms while something is due or under way. An answer that does not come within ten
 * seconds after the last request was due counts as none.
 */
final class OpenLoop {
    private static final long NAP_NANOS = 100_000;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);
    private static final Duration HEAD_START = Duration.ofMillis(50);

    private final int port;
    private final byte[][] requests;
    private final long[] due;
    private final Paced paced;
    private final Deque<HttpConnection> free = new ArrayDeque<>();
    private int next;
    private int open;

    private OpenLoop(int port, byte[][] requests, Schedule schedule) {
        this.port = port;
        this.requests = requests;
        this.due = schedule.dueNanos();
        this.paced = new Paced(due);
    }

    /** Runs the whole schedule. */
    static Paced run(int port, int connections, Bodies bodies, Schedule schedule) throws IOException {
        return run(port, connections, bodies::request, schedule);
    }

    /** The same with requests of any make, by their number. */
    static Paced run(int port, int connections, LongFunction<byte[]> made, Schedule schedule) throws IOException {
        // Made before, so that making them takes no time from those who are measured.
        var requests = new byte[schedule.dueNanos().length][];
        for (var i = 0; i < requests.length; i++) {
            requests[i] = made.apply(i);
        }
        return new OpenLoop(port, requests, schedule).run(connections);
    }

    private Paced run(int connections) throws IOException {
        List<HttpConnection> all = new ArrayList<>();
        try (var selector = Selector.open()) {
            for (var i = 0; i < connections; i++) {
                var connection =
                        HttpConnection.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), selector);
                all.add(connection);
                free.addLast(connection);
            }
            loop(selector, System.nanoTime() + HEAD_START.toNanos());
        } finally {
            for (var connection : all) {
                connection.close();
            }
        }
        return paced;
    }

    private void loop(Selector selector, long start) throws IOException {
        var end = due[due.length - 1] + LAST_ANSWERS.toNanos();
        for (var now = System.nanoTime() - start;
                (next < due.length || open > 0) && now < end;
                now = System.nanoTime() - start) {
            var sent = send(now);
            var read = selector.selectNow(key -> receive(key, System.nanoTime() - start));
            if (!sent && read == 0) {
                var untilDue = next < due.length ? due[next] - now : NAP_NANOS;
                LockSupport.parkNanos(Math.max(1, Math.min(NAP_NANOS, untilDue)));
            }
        }
    }

    private boolean send(long now) throws IOException {
        var sent = false;
        while (next < due.length && due[next] <= now && !free.isEmpty()) {
            var connection = free.removeFirst();
            if (connection.send(requests[next], next)) {
                open++;
            } else {
                connection.reopen();
                free.addLast(connection);
            }
            next++;
            sent = true;
        }
        return sent;
    }

    private void receive(SelectionKey key, long now) {
        var connection = (HttpConnection) key.attachment();
        var status = connection.receive();
        if (status == HttpConnection.UNFINISHED) {
            return;
        }
        var request = connection.takeRequest();
        if (request >= 0) {
            open--;
            paced.answered(request, status, now);
            free.addLast(connection);
        }
        if (status == HttpConnection.BROKEN) {
            connection.reopen();
        }
    }
}
