// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.ManualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class IntakeTest {
    private static final StreamGroup GROUP = StreamGroup.of(new Subscription("peter", 1));

    private final ManualTime time = new ManualTime();
    private final StoreGate gate = new StoreGate(time::nanos);
    private final List<Entry> taken = new ArrayList<>();
    private int fenced;
    private int room;
    private Future<Void> sink = Future.succeededFuture();
    private Intake intake;

    @BeforeEach
    void hold() {
        gate.model().partition(0).subscribe(GROUP);
        Ends.of(gate.model().lease(0, GROUP, "a:1", Duration.ofSeconds(6), false));
        intake = intake(10, 10_000);
    }

    private Intake intake(int events, int bytes) {
        return new Intake(
                time.vertx(),
                time.context(),
                gate.store(),
                GROUP,
                StoreGate.tenure(time::nanos, () -> {}),
                new Intake.Window(events, bytes),
                entries -> {
                    taken.addAll(entries);
                    return sink;
                },
                () -> fenced++,
                () -> room++);
    }

    private void append(int entries, int events) {
        for (var i = 0; i < entries; i++) {
            gate.model()
                    .partition(0)
                    .append(IntStream.range(0, events)
                            .mapToObj(event -> new byte[] {'e'})
                            .toList());
        }
    }

    private int inHand() {
        return taken.stream().mapToInt(Entry::count).sum();
    }

    @Test
    void the_window_is_never_passed_by_more_than_one_entry_and_goes_on_when_there_is_room() {
        append(20, 3);

        assertThat(intake.ring().succeeded()).isTrue();
        assertThat(inHand()).isEqualTo(12);
        assertThat(intake.listening()).isFalse();
        assertThat(intake.ring().succeeded()).isTrue();
        assertThat(inHand()).isEqualTo(12);

        intake.finished(3, 5);
        assertThat(room).isEqualTo(1);
        assertThat(inHand()).as("nine in hand, so one entry more").isEqualTo(15);
        intake.finished(1, 1);
        assertThat(room).as("eleven are no room").isEqualTo(1);
    }

    @Test
    void bytes_are_bounded_as_events_are() {
        intake = intake(1000, 12);
        append(20, 3);

        intake.ring();

        assertThat(taken).hasSize(3);
    }

    @Test
    void one_call_is_under_way_at_a_time_and_no_ring_is_lost() {
        gate.close();
        var rings = new ArrayList<Future<Void>>();
        for (var i = 0; i < 5; i++) {
            rings.add(intake.ring());
        }
        assertThat(gate.waiting()).isEqualTo(1);

        gate.letOne();
        assertThat(gate.waiting()).as("asked again, since it rang meanwhile").isEqualTo(1);
        append(1, 1);
        gate.open();

        assertThat(taken).hasSize(1);
        assertThat(rings).allMatch(Future::succeeded);
    }

    @Test
    void nothing_is_taken_until_the_last_entries_are_queued() {
        append(1, 1);
        Promise<Void> queued = Promise.promise();
        sink = queued.future();
        var ring = intake.ring();
        append(1, 1);
        intake.ring();
        assertThat(taken).hasSize(1);

        queued.complete();

        assertThat(taken).hasSize(2);
        assertThat(ring.succeeded()).isTrue();
    }

    @Test
    void a_lost_answer_heals_itself_at_the_same_place() {
        append(2, 1);
        gate.away();
        assertThat(intake.ring().succeeded()).isTrue();
        gate.heal();

        time.advance(Duration.ofMillis(99));
        assertThat(taken).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(taken).hasSize(2);
    }

    @Test
    void a_lease_that_is_lost_ends_it() {
        gate.fenced("take");
        assertThat(intake.ring().succeeded()).isTrue();
        gate.heal();
        append(1, 1);

        assertThat(intake.ring().succeeded()).isTrue();
        assertThat(fenced).isEqualTo(1);
        assertThat(taken).isEmpty();
    }

    @Test
    void a_missing_group_stands_still_without_a_retry() {
        gate.fail(call -> true, new GroupMissing("NOGROUP"));
        intake.ring();
        time.advance(Duration.ofSeconds(3));

        assertThat(gate.count("take")).isEqualTo(1);
        assertThat(fenced).isZero();
        assertThat(intake.listening()).isFalse();
    }

    @Test
    void whoever_rings_while_it_stops_does_not_wait_for_ever() {
        gate.close();
        append(1, 1);
        var before = intake.ring();
        intake.stop();
        var after = intake.ring();
        gate.open();

        assertThat(before.succeeded()).isTrue();
        assertThat(after.succeeded()).isTrue();
        assertThat(taken).isEmpty();
    }

    @Test
    void it_takes_nothing_while_held_and_goes_on_after() {
        intake.hold(true);
        append(1, 1);
        intake.ring();
        assertThat(taken).isEmpty();

        intake.hold(false);
        assertThat(taken).hasSize(1);
        assertThat(room).isEqualTo(1);
    }

    @Test
    void it_takes_nothing_under_a_tenure_that_cannot_be_proved() {
        append(1, 1);
        time.advance(Duration.ofSeconds(4));
        assertThat(intake.ring().succeeded()).isTrue();

        assertThat(gate.calls()).isEmpty();
    }
}
