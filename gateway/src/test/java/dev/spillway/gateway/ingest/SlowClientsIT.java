// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.spillway.gateway.ingest.Patience.Overdue;
import dev.spillway.gateway.ingest.SlowClients.Way;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault 25: slow senders and slow readers, many at once, beside a client that is served all the while. */
final class SlowClientsIT {
    private static final int UNREAD = 10;
    /** Of each way; fewer where files are scarce, as a test needs two for each. */
    private static final int EACH = Math.min(500, (int) ((filesMax() - 600) / 12));

    private final EdgeRig edge = EdgeRig.with("header-timeout: 2s", "body-timeout: 2s", "idle-timeout: 60s");

    @AfterEach
    void close() {
        edge.close();
    }

    @Test
    void each_is_closed_at_its_deadline_while_others_are_served() throws Exception {
        var going = new AtomicBoolean(true);
        var served = new AtomicLong();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var slow = new SlowClients()) {
            var healthy = threads.submit(client(going, served));
            slow.open(edge.port(), Way.SILENT, EACH);
            slow.open(edge.port(), Way.HEAD, EACH);
            slow.open(edge.port(), Way.LATER_HEAD, EACH);
            slow.open(edge.port(), Way.BODY, EACH);
            slow.open(edge.port(), Way.UNREAD, UNREAD);

            EdgeRig.awaitThat("all slow ones are over", () -> {
                slow.drip();
                return slow.open() == 0;
            });
            going.set(false);
            healthy.get();

            assertThat(slow.shortestMillis()).isGreaterThanOrEqualTo(2_000);
            assertThat(slow.ended(Way.UNREAD)).isEqualTo(UNREAD);
        }
        assertThat(served).hasPositiveValue();
        assertThat(edge.overdue(Overdue.HEAD)).isEqualTo(3L * EACH);
        assertThat(edge.overdue(Overdue.BODY)).isEqualTo(EACH);
        assertThat(edge.answers(Answer.BODY_TOO_SLOW)).isEqualTo(EACH);
        assertThat(edge.overdue(Overdue.UNREAD)).isEqualTo(UNREAD);
        assertThat(edge.serverErrors()).isZero();
        EdgeRig.awaitThat("none is left", () -> edge.gauge("spillway.ingest.connections") == 0);
        assertThat(edge.gauge("spillway.ingest.inflight.bytes")).isZero();
    }

    @Test
    void an_idle_connection_may_wait_longer_than_a_head() throws Exception {
        try (var http = edge.connect()) {
            assertThat(http.send(EdgeRig.signed(EdgeRig.message("m_1"))).read()).startsWith("HTTP/1.1 200 ");
            Thread.sleep(4_000);
            assertThat(http.send(EdgeRig.signed(EdgeRig.message("m_2"))).read()).startsWith("HTTP/1.1 200 ");
        }
    }

    private Callable<Void> client(AtomicBoolean going, AtomicLong served) {
        return () -> {
            try (var http = edge.connect()) {
                while (going.get()) {
                    assertThat(http.send(EdgeRig.signed(EdgeRig.message("m"))).read())
                            .startsWith("HTTP/1.1 200 ");
                    served.incrementAndGet();
                    Thread.sleep(5);
                }
            }
            return null;
        };
    }

    private static long filesMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : 8_192;
    }
}
