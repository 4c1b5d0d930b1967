// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.kit.ManualTime;
import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.Finished;
import dev.spillway.gateway.stream.FinishedEntry;
import dev.spillway.gateway.stream.Guarded;
import dev.spillway.gateway.stream.LeaseLost;
import dev.spillway.gateway.stream.StoreGate;
import dev.spillway.gateway.stream.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CommitQueueTest {
    private static final Subscription PETER = new Subscription("peter", 1);

    private final ManualTime time = new ManualTime();
    private final StoreGate gate = new StoreGate(time::nanos);
    private final List<CommitQueue.Answered> answered = new ArrayList<>();
    private final List<Throwable> failed = new ArrayList<>();
    private final CommitQueue queue = new CommitQueue(
            new Timers(time.vertx(), time.context()),
            gate.store(),
            PETER,
            StoreGate.tenure(time::nanos, () -> {}),
            answered::add,
            failed::add);

    @BeforeEach
    void lease() {
        gate.lease(PETER);
        gate.close();
    }

    private static OpenEntry entry(int number, int events) {
        var entry = new OpenEntry(new Entry(number + "-0", events, new byte[0], false));
        for (var i = 0; i < events; i++) {
            entry.opened();
        }
        return entry;
    }

    private void finish(int number, OpenEntry entry) {
        var event = WorkSamples.event(number);
        queue.add(
                List.of(new Work(event, new byte[0], entry)), List.of(new Finished.Done(Guarded.of(event), List.of())));
    }

    private void finishTogether(int from, int to, OpenEntry entry) {
        var events = IntStream.range(from, to).mapToObj(WorkSamples::event).toList();
        queue.add(
                events.stream()
                        .map(event -> new Work(event, new byte[0], entry))
                        .toList(),
                events.stream()
                        .<Finished>map(event -> new Finished.Done(Guarded.of(event), List.of()))
                        .toList());
    }

    private List<Integer> sizes() {
        return gate.calls().stream()
                .filter(call -> call.name().equals("commit"))
                .map(call -> ((List<?>) call.arguments().get(3)).size())
                .toList();
    }

    private List<List<String>> entries() {
        return gate.calls().stream()
                .filter(call -> call.name().equals("commit"))
                .map(call -> ((List<?>) call.arguments().get(4))
                        .stream().map(entry -> ((FinishedEntry) entry).id()).toList())
                .toList();
    }

    @Test
    void what_is_finished_goes_at_once_and_together_while_a_commit_is_under_way() {
        var entry = entry(1, 3);
        queue.close(entry);
        finish(1, entry);
        finish(2, entry);
        finish(3, entry);
        assertThat(sizes()).containsExactly(1);

        gate.open();

        assertThat(sizes()).containsExactly(1, 2);
        assertThat(entries()).containsExactly(List.of(), List.of("1-0"));
        assertThat(queue.isIdle()).isTrue();
        assertThat(answered).hasSize(2);
    }

    @Test
    void a_commit_is_bounded_and_no_entry_goes_before_its_last_event() {
        var first = entry(0, 1);
        queue.close(first);
        finish(0, first);
        var early = entry(1, 1);
        queue.close(early);
        finish(1, early);
        var large = entry(2, 300);
        queue.close(large);
        for (var event = 2; event < 302; event++) {
            finish(event, large);
        }

        gate.open();

        assertThat(sizes()).containsExactly(1, 128, 128, 45);
        assertThat(entries().get(1)).isEmpty();
        assertThat(entries().get(2)).isEmpty();
        assertThat(entries().get(3)).containsExactly("1-0", "2-0");
    }

    @Test
    void an_entry_without_events_of_ours_goes_too() {
        gate.open();
        queue.close(entry(1, 0));

        assertThat(entries()).containsExactly(List.of("1-0"));
    }

    @Test
    void an_unanswered_commit_is_repeated_as_it_was() {
        gate.away();
        var entry = entry(1, 1);
        queue.close(entry);
        finish(1, entry);
        time.advance(Duration.ofMillis(100));
        gate.heal();
        gate.open();
        time.advance(Duration.ofSeconds(1));

        var calls = gate.calls().stream()
                .filter(call -> call.name().equals("commit"))
                .toList();
        assertThat(calls).hasSizeGreaterThan(2).allMatch(call -> call.equals(calls.getFirst()));
        assertThat(answered).hasSize(1);
    }

    @Test
    void nothing_is_repeated_under_a_lease_that_is_gone() {
        gate.away();
        finish(1, entry(1, 1));
        time.advance(Duration.ofSeconds(5));
        var calls = gate.count("commit");
        time.advance(Duration.ofSeconds(5));
        assertThat(gate.count("commit")).isEqualTo(calls);
        assertThat(failed).hasSize(1);

        gate.fenced("commit");
        finish(2, entry(2, 1));
        assertThat(failed.getLast()).isInstanceOf(LeaseLost.class);
    }

    @Test
    void what_is_finished_together_is_never_cut_in_two() {
        var entry = entry(1, 200);
        finish(0, entry);
        finishTogether(1, 121, entry);
        finishTogether(121, 137, entry);
        finish(137, entry);
        gate.open();

        assertThat(sizes()).containsExactly(1, 120, 17);
    }
}
