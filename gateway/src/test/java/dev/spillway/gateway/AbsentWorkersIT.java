// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Delivery;
import dev.spillway.gateway.worker.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All workers are away while webhooks come: what waits is answered when they are back, in order, each event once. */
final class AbsentWorkersIT {
    private static final int USERS = 200;
    private static final int EVENTS = 3_000;
    private static final int BODY = 20;

    /** So that the replies, which are not what this is about, take no longer than the events. */
    private static final int ANSWER_EVERY = 10;

    private final PathRig rig = new PathRig();
    private final Map<String, Supplier<Bot>> bots = Map.of("bot", () -> this::handle);
    private int written;

    @AfterEach
    void close() {
        rig.close();
    }

    private Verdict handle(Delivery delivery) {
        return Content.of(delivery.event()) instanceof Content.Message message
                        && Integer.parseInt(String.valueOf(message.text())) % ANSWER_EVERY == 0
                ? Verdict.accept(Reply.text("text " + message.text()))
                : Verdict.accept();
    }

    private Gateway gateway(String roles) {
        return rig.gateway(bots, yaml -> yaml + "\n  roles: [" + roles + "]\n");
    }

    private void write(int port, int events) throws Exception {
        for (var until = written + events; written < until; written += BODY) {
            var body = PathRig.texts(PAGE, IntStream.range(written, written + BODY), USERS);
            assertThat(rig.post(port, body, SECRET).statusCode()).isEqualTo(200);
        }
    }

    private long waiting() {
        return rig.counter("added") - rig.counter("bot.1:base") - rig.counter("bot.1:fin");
    }

    @Test
    void a_backlog_of_thousands_is_drained_in_order_and_each_event_once() throws Exception {
        var front = gateway("ingest, dispatch");
        var first = gateway("worker");
        var second = gateway("worker");
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(front.httpPort()));
        write(front.httpPort(), 10 * USERS);
        rig.awaitThat(() -> rig.counter("bot.1:done") > USERS, "they are at work");
        rig.stop(first);
        rig.stop(second);

        var done = rig.counter("bot.1:done");
        write(front.httpPort(), EVENTS);
        // Under load what was added is counted a little later.
        rig.awaitThat(() -> waiting() >= EVENTS, "the backlog");
        var waiting = waiting();
        assertThat(rig.counter("bot.1:done")).as("nobody works").isEqualTo(done);

        var back = System.nanoTime();
        gateway("worker");
        gateway("worker");
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(front.httpPort()));
        rig.awaitCounter("bot.1:done", written);
        var drained = Duration.ofNanos(System.nanoTime() - back);
        rig.awaitCounter("sent", written / ANSWER_EVERY);
        rig.awaitIdle("bot.1");
        System.out.printf("F33: %d waited, drained in %d ms%n", waiting, drained.toMillis());
        rig.assertTakenOnceAndInOrder(written / ANSWER_EVERY);
        assertThat(rig.counter("bot.1:done")).isEqualTo(written);
        assertThat(rig.deadLetters()).isEmpty();
    }
}
