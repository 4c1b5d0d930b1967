// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Notifications;
import dev.spillway.gateway.stream.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CoalescerTest {
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Instant NOW = Instant.parse("2026-12-24T18:00:00Z");

    private long nanos;
    private Instant now = NOW;
    private final InstantSource clock = () -> now;
    private final Coalescer coalescer = new Coalescer(QUIET, clock, () -> nanos);

    private void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    private Work queued(String item) {
        var body = """
            {"object":"page","entry":[{"id":"1","time":1,"messaging":[{"sender":{"id":"7"},"recipient":{"id":"1"},"timestamp":1,%s}]}]}\
            """.formatted(item).getBytes(StandardCharsets.UTF_8);
        return queued(((Notifications.Reading.Events) new Notifications().read("demo", body, now.toEpochMilli()))
                .events()
                .getFirst());
    }

    private Work queued(Event event) {
        var entry = new OpenEntry(new Entry("1-0", 1, new byte[0], false));
        var work = new Work(event, new byte[0], entry);
        work.queued(nanos);
        return work;
    }

    private Work message(int number) {
        return queued("\"message\":{\"mid\":\"m" + number + "\",\"text\":\"" + number + "\"}");
    }

    private Work postback() {
        return queued("\"postback\":{\"mid\":\"p\",\"title\":\"Start\",\"payload\":\"START\"}");
    }

    @Test
    void messages_join_until_the_person_is_quiet() {
        var first = message(1);
        assertThat(coalescer.wait(List.of(first))).isEqualTo(QUIET);
        pass(Duration.ofSeconds(1));
        var second = message(2);

        assertThat(coalescer.group(List.of(first, second))).containsExactly(first, second);
        assertThat(coalescer.wait(List.of(first, second))).isEqualTo(QUIET);
        pass(QUIET);
        assertThat(coalescer.wait(List.of(first, second)).isPositive()).isFalse();
    }

    @Test
    void the_first_does_not_wait_for_ever_for_somebody_who_writes_on() {
        var first = message(1);
        pass(Duration.ofSeconds(7));

        assertThat(coalescer.wait(List.of(first, message(2)))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void nothing_waits_for_more_that_was_received_long_ago() {
        var read = message(1);
        now = now.plus(Duration.ofMinutes(5)); // And only now read from the stream.

        // But for those that are read along with it.
        assertThat(coalescer.wait(List.of(read))).isEqualTo(Duration.ofMillis(1));
        pass(Duration.ofMillis(1));
        assertThat(coalescer.wait(List.of(read)).isPositive()).isFalse();
    }

    @Test
    void sixteen_are_enough_and_wait_no_longer() {
        var many = IntStream.range(0, 20).mapToObj(this::message).toList();

        assertThat(coalescer.group(many)).isEqualTo(many.subList(0, 16));
        assertThat(coalescer.wait(many.subList(0, 16))).isZero();
    }

    @Test
    void a_button_runs_alone_and_ends_what_joins() {
        var first = message(1);
        var button = postback();

        assertThat(coalescer.group(List.of(first, button, message(2)))).containsExactly(first);
        assertThat(coalescer.group(List.of(button, message(3)))).containsExactly(button);
        assertThat(coalescer.wait(List.of(button))).isZero();
    }

    @Test
    void what_failed_once_runs_alone() {
        var failed = message(1);
        failed.trying(nanos);
        var fresh = message(2);

        assertThat(coalescer.group(List.of(failed, fresh))).containsExactly(failed);
        assertThat(coalescer.wait(List.of(failed))).isZero();
        assertThat(coalescer.group(List.of(fresh, failed))).containsExactly(fresh);
    }

    @Test
    void what_is_read_again_after_a_reset_does_not_join_what_is_new() {
        var replayed = queued(message(1).event().replayed());
        var fresh = message(2);

        assertThat(coalescer.group(List.of(replayed, fresh))).containsExactly(replayed);
    }
}
