// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.ManualTime;
import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.StoreGate;
import dev.spillway.gateway.stream.Suspects;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SuspicionTest {
    private final ManualTime time = new ManualTime();
    private final SuspectTurn turn = new SuspectTurn();

    /** A partition whose bot dies of some events; what it notes is what the next holder is told. */
    private final class Partition implements Suspicion.Runs {
        private final Tenure tenure;
        private final Suspicion suspicion;
        private final List<List<Integer>> noted = new ArrayList<>();
        private final List<Work> given = new ArrayList<>();
        private final List<Integer> condemned = new ArrayList<>();

        Partition(int takeovers, Suspects suspects) {
            tenure = StoreGate.tenure(time::nanos, () -> {}, takeovers, suspects);
            suspicion = new Suspicion(tenure, turn, this);
        }

        /** What a holder before had, and then what is new. Those that need not wait are given at once. */
        void read(IntStream before, IntStream fresh) {
            before.forEach(number -> read(number, true));
            fresh.forEach(number -> read(number, false));
            suspicion.next();
            suspicion.allRead();
        }

        private void read(int number, boolean redelivered) {
            var entry = new OpenEntry(new Entry(number + "-0", 1, new byte[0], redelivered));
            var work = new Work(WorkSamples.event(number), new byte[0], entry);
            if (suspicion.holds(work)) {
                suspicion.add(work);
            } else {
                given.add(work);
            }
        }

        /** The bot has had all that it was given so far; those it is given meanwhile wait. */
        void live() {
            var now = List.copyOf(given);
            given.clear();
            now.forEach(suspicion::over);
        }

        List<Integer> inHand() {
            return given.stream().map(SuspicionTest::number).toList();
        }

        @Override
        public Future<Void> note(List<EventKey> running) {
            noted.add(running.stream().map(key -> (int) key.low()).toList());
            return Future.succeededFuture();
        }

        @Override
        public void run(Work work) {
            given.add(work);
        }

        @Override
        public void condemn(Work work, int crashes) {
            condemned.add(number(work));
            assertThat(crashes).isEqualTo(3);
        }
    }

    private static int number(Work work) {
        return (int) work.event().key().low();
    }

    private static Suspects suspects(int crashes, IntStream numbers) {
        return new Suspects(numbers.mapToObj(number -> new EventKey(0, number)).toList(), crashes);
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void one_death_makes_nobody_suspect() {
        var partition = new Partition(1, Suspects.NONE);
        partition.read(IntStream.range(0, 100), IntStream.range(100, 110));

        assertThat(partition.inHand()).isEqualTo(numbers(0, 110));
        assertThat(partition.noted).isEmpty();
    }

    @Test
    void after_two_deaths_what_was_left_runs_in_groups_and_what_is_new_waits_behind() {
        var partition = new Partition(2, Suspects.NONE);
        partition.read(IntStream.range(0, 100), IntStream.range(100, 103));
        assertThat(partition.inHand()).isEqualTo(numbers(0, 64));
        assertThat(partition.tenure.isSuspecting()).isTrue();

        partition.live();
        assertThat(partition.inHand()).isEqualTo(numbers(64, 100));
        partition.read(IntStream.empty(), IntStream.range(103, 105));
        assertThat(partition.inHand()).as("still behind").isEqualTo(numbers(64, 100));

        partition.live();
        assertThat(partition.inHand()).isEqualTo(numbers(100, 105));
        assertThat(partition.noted).containsExactly(numbers(0, 64), numbers(64, 100), List.of());
        assertThat(partition.tenure.isSuspecting()).isFalse();
        partition.read(IntStream.empty(), IntStream.of(200));
        assertThat(partition.inHand()).contains(200);
    }

    @Test
    void a_group_is_over_only_when_each_of_it_was_with_the_bot() {
        var partition = new Partition(2, Suspects.NONE);
        partition.read(IntStream.range(0, 66), IntStream.empty());
        var first = partition.given.removeFirst();

        partition.live();
        assertThat(partition.inHand()).isEmpty();
        partition.suspicion.over(first);
        assertThat(partition.inHand()).containsExactly(64, 65);
    }

    @Test
    void what_ran_when_the_holder_died_runs_in_smaller_groups_and_the_rest_in_large_ones() {
        var partition = new Partition(3, suspects(0, IntStream.range(0, 20)));
        partition.read(IntStream.range(5, 50), IntStream.empty());
        partition.live();
        partition.live();
        partition.live();

        assertThat(partition.noted)
                .as("0 to 4 are finished")
                .containsExactly(numbers(5, 13), numbers(13, 20), numbers(20, 50), List.of());
    }

    @Test
    void of_a_small_group_each_runs_alone() {
        var partition = new Partition(4, suspects(0, IntStream.range(0, 8)));
        partition.read(IntStream.range(0, 10), IntStream.empty());
        for (var run = 0; run < 10; run++) {
            partition.live();
        }

        assertThat(partition.noted)
                .containsExactlyElementsOf(Stream.of(
                                IntStream.range(0, 8).mapToObj(List::of), Stream.of(List.of(8, 9), List.<Integer>of()))
                        .flatMap(groups -> groups)
                        .toList());
    }

    @Test
    void the_third_holder_it_takes_along_alone_makes_it_a_dead_letter() {
        var second = new Partition(6, suspects(2, IntStream.of(7)));
        second.read(IntStream.range(7, 9), IntStream.empty());
        assertThat(second.inHand()).as("twice is not enough").containsExactly(7);
        second.suspicion.end();

        var third = new Partition(7, suspects(3, IntStream.of(7)));
        third.read(IntStream.range(7, 9), IntStream.empty());
        assertThat(third.condemned).containsExactly(7);
        assertThat(third.inHand()).containsExactly(8);
    }

    @Test
    void a_note_that_was_left_makes_suspect_even_after_a_release_and_is_taken_back() {
        var partition = new Partition(0, suspects(0, IntStream.range(0, 3)));
        partition.read(IntStream.empty(), IntStream.range(5, 7));

        assertThat(partition.inHand()).as("nothing is left of them").containsExactly(5, 6);
        assertThat(partition.noted).containsExactly(List.of());
    }

    @Test
    void one_partition_of_the_process_at_a_time_runs_suspects() {
        var one = new Partition(2, Suspects.NONE);
        var two = new Partition(2, Suspects.NONE);
        one.read(IntStream.range(0, 100), IntStream.empty());
        two.read(IntStream.range(200, 203), IntStream.empty());
        assertThat(two.inHand()).isEmpty();

        one.live();
        assertThat(two.inHand()).as("in turn, group by group").isEqualTo(numbers(200, 203));
        assertThat(one.inHand()).isEmpty();
        two.live();
        assertThat(one.inHand()).isEqualTo(numbers(64, 100));
    }

    @Test
    void a_partition_that_is_lost_gives_its_turn_to_the_next() {
        var one = new Partition(2, Suspects.NONE);
        var two = new Partition(2, Suspects.NONE);
        var three = new Partition(2, Suspects.NONE);
        one.read(IntStream.range(0, 3), IntStream.empty());
        two.read(IntStream.range(10, 13), IntStream.empty());
        three.read(IntStream.range(20, 23), IntStream.empty());

        two.suspicion.end();
        one.suspicion.end();

        assertThat(three.inHand()).isEqualTo(numbers(20, 23));
        assertThat(two.inHand()).isEmpty();
    }
}
