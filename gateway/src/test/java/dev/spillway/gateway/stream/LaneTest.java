// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LaneTest {
    private final ManualTime time = new ManualTime();
    private final List<List<String>> flushes = new ArrayList<>();
    private final List<Long> deadlines = new ArrayList<>();
    private final Deque<Promise<List<Future<?>>>> underWay = new ArrayDeque<>();
    private final Lane lane = new Lane(
            time.vertx(),
            time.context(),
            this::write,
            new Lane.LaneLimits(4, 100, Duration.ofSeconds(4).toNanos()),
            time::nanos,
            new StreamMetrics(new SimpleMeterRegistry()));

    private Future<List<Future<?>>> write(List<Batch> batches, long deadlineNanos) {
        deadlines.add(deadlineNanos);
        flushes.add(batches.stream()
                .map(batch -> batch.partition() + ":" + new String(batch.lines(), UTF_8).replace('\n', '+'))
                .toList());
        Promise<List<Future<?>>> ended = Promise.promise();
        underWay.add(ended);
        return ended.future();
    }

    private Future<Void> append(int partition, String... lines) {
        Promise<Void> stored = Promise.promise();
        lane.append(new Part(partition, String.join("\n", lines).getBytes(UTF_8), lines.length, time.nanos(), stored));
        return stored.future();
    }

    /** The flush under way ends, its entries so: true stored, false nobody knows. */
    private void ends(boolean... stored) {
        List<Future<?>> ends = new ArrayList<>();
        for (var one : stored) {
            ends.add(one ? Future.succeededFuture() : Future.failedFuture(new StoreUnavailable("gone")));
        }
        underWay.removeFirst().complete(ends);
    }

    @Test
    void a_lone_part_goes_at_once_and_what_comes_meanwhile_goes_in_one_entry_per_partition() {
        var first = append(1, "a");
        var second = append(1, "b");
        append(2, "c");
        append(1, "d");
        assertThat(flushes).containsExactly(List.of("1:a"));

        ends(true);

        assertThat(first.succeeded()).isTrue();
        assertThat(second.isComplete()).isFalse();
        assertThat(flushes.getLast()).containsExactly("1:b+d", "2:c");
    }

    @Test
    void a_flush_is_bounded_and_no_part_is_split() {
        append(1, "a");
        append(1, "b", "c", "d");
        append(1, "e", "f");
        append(1, "g");
        ends(true);
        assertThat(flushes.getLast()).containsExactly("1:b+c+d+e+f");

        ends(true);
        assertThat(flushes.getLast()).containsExactly("1:g");
    }

    @Test
    void a_failed_batch_goes_again_before_anything_newer_of_its_partition() {
        append(1, "a");
        append(1, "b");
        append(2, "c");
        ends(true);
        append(1, "d");
        append(2, "e");
        ends(false, true);
        append(1, "f");
        assertThat(flushes).as("not at once").hasSize(2);

        time.advance(Duration.ofMillis(20));

        assertThat(String.join(" ", flushes.get(2))).contains("1:b+d+f").contains("2:e");
    }

    @Test
    void a_flush_that_was_not_written_is_tried_until_its_parts_are_too_old() {
        var old = append(1, "a");
        underWay.removeFirst().fail(new StoreUnavailable("no connection"));
        time.advance(Duration.ofMillis(3980));
        var young = append(1, "b");
        underWay.removeFirst().fail(new StoreUnavailable("no connection"));

        time.advance(Duration.ofMillis(20));

        assertThat(old.cause()).isInstanceOf(StoreUnavailable.class);
        assertThat(young.isComplete()).isFalse();
        assertThat(flushes.getLast()).containsExactly("1:b");
        ends(true);
        assertThat(young.succeeded()).isTrue();
    }

    @Test
    void a_full_store_is_told_at_once() {
        var stored = append(1, "a");
        underWay.removeFirst().complete(List.of(Future.failedFuture(new StoreFull("full"))));

        assertThat(stored.cause()).isInstanceOf(StoreFull.class);
        time.advance(Duration.ofSeconds(1));
        assertThat(flushes).hasSize(1);
    }

    @Test
    void what_too_few_replicas_confirmed_is_refused_and_not_written_again() {
        var stored = append(1, "a");
        underWay.removeFirst().complete(List.of(Future.failedFuture(new NotReplicated())));

        assertThat(stored.cause()).isInstanceOf(NotReplicated.class);
        time.advance(Duration.ofSeconds(1));
        assertThat(flushes).hasSize(1);
    }

    @Test
    void a_flush_has_the_deadline_of_its_oldest_part() {
        append(1, "a");
        time.advance(Duration.ofMillis(100));
        append(1, "b");
        time.advance(Duration.ofMillis(100));
        append(1, "c");
        ends(true);

        assertThat(deadlines.get(1) - deadlines.get(0))
                .isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void a_batch_of_one_part_is_that_part_and_lines_are_found_again() {
        var part = new Part(1, "a\nb".getBytes(UTF_8), 2, 0, Promise.promise());
        assertThat(Batch.of(1, List.of(part)).lines()).isSameAs(part.lines());

        var both = Batch.of(1, List.of(part, part));
        assertThat(both.events()).isEqualTo(4);
        assertThat(new Entry("1-0", 4, both.lines(), false).lines())
                .extracting(line -> new String(both.lines(), line.from(), line.length(), UTF_8))
                .containsExactly("a", "b", "a", "b");
    }
}
