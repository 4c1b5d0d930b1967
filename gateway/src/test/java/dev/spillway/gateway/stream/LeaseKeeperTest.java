// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.ManualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LeaseKeeperTest {
    private static final int PARTITIONS = 16;
    private static final StreamGroup GROUP = StreamGroup.of(new Subscription("peter", 1));
    private static final Duration TTL = Duration.ofSeconds(6);

    private final ManualTime time = new ManualTime();
    private final StoreGate gate = new StoreGate(time::nanos);
    private ServerGeneration generation = new ServerGeneration("run-1", "replication");

    /** A stage that only remembers what it was told. */
    private static final class Stage implements LeaseKeeper.Holder {
        private final Map<Integer, Tenure> held = new HashMap<>();
        private final List<Tenure> lost = new ArrayList<>();
        private final Map<Integer, Promise<Void>> busy = new HashMap<>();
        private boolean slow;

        @Override
        public void acquired(Tenure tenure) {
            assertThat(held.put(tenure.partition(), tenure)).isNull();
        }

        @Override
        public Future<Void> handOver(Tenure tenure) {
            if (!slow) {
                return Future.succeededFuture();
            }
            return busy.computeIfAbsent(tenure.partition(), ignored -> Promise.promise())
                    .future();
        }

        @Override
        public void lost(Tenure tenure) {
            assertThat(tenure.isValid()).isFalse();
            assertThat(held.remove(tenure.partition())).isSameAs(tenure);
            lost.add(tenure);
        }
    }

    private final Stage stage = new Stage();
    private final LeaseKeeper keeper = keeper(stage);

    private LeaseKeeper keeper(Stage of) {
        return new LeaseKeeper(
                time.vertx(),
                time.context(),
                gate.store(),
                partition -> generation,
                GROUP,
                PARTITIONS,
                new LeaseTiming(TTL, Duration.ofSeconds(2)),
                time::nanos,
                of);
    }

    @Test
    void a_lone_process_holds_everything_and_keeps_it() {
        keeper.start();
        assertThat(stage.held).hasSize(PARTITIONS);

        seconds(60);

        assertThat(stage.lost).isEmpty();
        assertThat(keeper.tenures()).hasSize(PARTITIONS).allMatch(Tenure::isValid);
        assertThat(keeper.tenures()).allMatch(tenure -> tenure.fence().epoch() == 1);
    }

    @Test
    void what_it_is_unfit_for_is_given_back_and_left_to_others() {
        keeper.start();
        var tenure = stage.held.get(2);
        requireNonNull(tenure).unfit();
        assertThat(stage.held).hasSize(PARTITIONS - 1).doesNotContainKey(2);

        seconds(60);
        assertThat(stage.held).hasSize(PARTITIONS - 1).doesNotContainKey(2);
        assertThat(Ends.of(gate.model().lease(2, GROUP, "newer", TTL, false)))
                .isInstanceOfSatisfying(LeaseAnswer.Held.class, held -> assertThat(held.takeovers())
                        .as("released, not lost")
                        .isZero());
    }

    @Test
    void an_owner_that_runs_suspects_is_not_yet_healthy() {
        keeper.start();
        requireNonNull(stage.held.get(2)).suspecting(true);
        seconds(20);

        var healthy = gate.calls().stream()
                .filter(call ->
                        call.name().equals("lease") && call.arguments().get(4).equals(true))
                .map(call -> call.arguments().getFirst())
                .toList();
        assertThat(healthy).contains(1).doesNotContain(2);
    }

    @Test
    void what_cannot_be_renewed_is_dropped_after_two_thirds_of_its_life() {
        keeper.start();
        gate.away();
        var tenure = keeper.tenures().getFirst();

        time.advance(Duration.ofMillis(3999));
        assertThat(tenure.isValid()).isTrue();
        assertThat(stage.lost).isEmpty();

        time.advance(Duration.ofMillis(1));
        assertThat(tenure.isValid()).isFalse();
        assertThat(stage.lost).hasSize(PARTITIONS);

        gate.heal();
        seconds(10);
        assertThat(stage.held).hasSize(PARTITIONS).doesNotContainValue(tenure);
    }

    @Test
    void a_renewal_counts_from_when_it_was_asked_and_one_that_comes_too_late_revives_nothing() {
        keeper.start();
        gate.close();
        var tenure = keeper.tenures().getFirst();
        seconds(3);
        gate.open();
        time.advance(Duration.ofMillis(2999));
        assertThat(tenure.isValid())
                .as("asked at 2 s, or once more at 2.5 or 3 s")
                .isTrue();

        gate.close();
        time.advance(Duration.ofMillis(4200));
        assertThat(tenure.isValid()).isFalse();
        gate.open();
        assertThat(tenure.isValid()).isFalse();
        assertThat(stage.held).doesNotContainValue(tenure);
    }

    @Test
    void a_tenure_that_was_once_too_old_stays_so() {
        var tenure = StoreGate.tenure(time::nanos, () -> {});
        seconds(4);
        assertThat(tenure.isValid()).isFalse();

        tenure.renewed(time.nanos());

        assertThat(tenure.isValid()).isFalse();
    }

    @Test
    void another_life_of_the_server_ends_everything_and_it_is_leased_anew_under_other_names() {
        keeper.start();
        var before = keeper.tenures().stream().map(Tenure::fence).toList();

        generation = new ServerGeneration("run-2", "replication");
        seconds(3);

        assertThat(stage.lost).hasSize(PARTITIONS);
        assertThat(stage.held).hasSize(PARTITIONS);
        assertThat(keeper.tenures())
                .allMatch(tenure -> tenure.generation().equals(generation))
                .noneMatch(tenure -> before.contains(tenure.fence()));
    }

    @Test
    void two_processes_share_and_every_partition_has_one_owner() {
        keeper.start();
        var second = new Stage();
        var other = keeper(second);
        other.start();
        seconds(20);

        assertThat(stage.held.keySet()).doesNotContainAnyElementsOf(second.held.keySet());
        assertThat(stage.held).hasSize(PARTITIONS / 2);
        assertThat(second.held).hasSize(PARTITIONS / 2);

        other.drain();
        assertThat(second.held).isEmpty();
        seconds(3);
        assertThat(stage.held).hasSize(PARTITIONS);
    }

    @Test
    void what_is_given_up_is_released_only_when_its_work_is_committed() {
        keeper.start();
        stage.slow = true;
        var second = new Stage();
        keeper(second).start();
        seconds(3);

        assertThat(stage.busy).isNotEmpty();
        assertThat(second.held).isEmpty();
        var first = stage.busy.keySet().iterator().next();
        assertThat(requireNonNull(stage.held.get(first)).isYielding()).isTrue();

        requireNonNull(stage.busy.get(first)).complete();
        seconds(3);
        assertThat(second.held).containsOnlyKeys(first);
    }

    @Test
    void draining_releases_each_as_soon_as_its_holder_is_done_and_keeps_the_rest_alive() {
        keeper.start();
        stage.slow = true;
        var drained = keeper.drain();
        requireNonNull(stage.busy.get(3)).complete();
        requireNonNull(stage.busy.get(5)).complete();

        seconds(20);
        var second = new Stage();
        keeper(second).start();
        seconds(1);

        assertThat(second.held).containsOnlyKeys(3, 5);
        assertThat(stage.held).hasSize(PARTITIONS - 2).doesNotContainKeys(3, 5);
        assertThat(stage.held.values()).allMatch(Tenure::isValid);
        assertThat(drained.isComplete()).isFalse();
        stage.busy.values().forEach(Promise::tryComplete);
        assertThat(drained.succeeded()).isTrue();
        seconds(3);
        assertThat(stage.held).isEmpty();
    }

    @Test
    void a_script_that_was_fenced_off_ends_its_tenure_at_once() {
        keeper.start();
        var tenure = requireNonNull(stage.held.get(4));

        tenure.fenced();

        assertThat(stage.lost).containsExactly(tenure);
        assertThat(keeper.held()).isEqualTo(PARTITIONS - 1);
    }

    @Test
    void a_lease_that_another_had_and_gave_back_meanwhile_is_not_kept_by_a_ghost() {
        keeper.start();
        var tenure = requireNonNull(stage.held.get(4));
        gate.model().release(4, GROUP, tenure.fence());
        var other = ((LeaseAnswer.Held) Ends.of(gate.model().lease(4, GROUP, "other", TTL, false))).fence();
        gate.model().release(4, GROUP, other);

        seconds(5);

        assertThat(stage.lost).containsExactly(tenure);
        assertThat(requireNonNull(stage.held.get(4)).fence().epoch()).isEqualTo(4);
        assertThat(requireNonNull(stage.held.get(4)).isValid()).isTrue();
    }

    private void seconds(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }
}
