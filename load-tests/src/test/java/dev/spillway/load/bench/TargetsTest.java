// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final Scenario SCENARIO = new Scenario(1, 512);

    @Test
    void targets_speak_of_single_events_over_the_most_connections() {
        assertThat(Targets.mainScenario(List.of(new Scenario(5, 512), new Scenario(1, 100), SCENARIO)))
                .isEqualTo(SCENARIO);
    }

    @Test
    void spillway_is_compared_with_the_better_peer_round_by_round() {
        var stage = stage(Durability.EVERYSEC, List.of(40_000.0, 44_000.0), List.of(20_000.0, 20_000.0));

        assertThat(Targets.of(stage, List.of(SCENARIO)))
                .extracting(Targets.Target::what, Targets.Target::measured, Targets.Target::hit)
                .contains(
                        tuple("events/s by those of the better peer, nginx", "2.10 (2.00-2.20)", true),
                        tuple("Redis CPU per event", "3.00 us", false));
    }

    @Test
    void the_bar_is_lower_when_every_write_waits_for_the_disk() {
        var rates = List.of(30_000.0, 34_000.0);
        var peers = List.of(20_000.0, 20_000.0);

        assertThat(ratio(stage(Durability.ALWAYS, rates, peers)).hit()).isTrue();
        assertThat(ratio(stage(Durability.EVERYSEC, rates, peers)).hit()).isFalse();
    }

    @Test
    void without_peers_nothing_is_said_about_them() {
        var stage = stage(Durability.EVERYSEC, List.of(1.0), List.of());

        assertThat(Targets.of(stage, List.of(SCENARIO)))
                .extracting(Targets.Target::what)
                .containsExactly("Redis CPU per event");
    }

    @Test
    void a_spike_without_a_loss_can_still_be_too_slow() {
        var spike = new SpikeResult(
                10_000, 30, Map.of(200, 9L, 503, 1L), 0, 900, List.of(), 5, 3, -1, 10 << 20, 0, 12 << 20);
        var calm = stage(Durability.EVERYSEC, List.of(1.0), List.of());
        var stage = new StageResult(calm.durability(), "", Map.of(), calm.rounds(), List.of(), spike);

        assertThat(Targets.of(stage, List.of(SCENARIO)))
                .filteredOn(target -> target.what().startsWith("spike"))
                .extracting(Targets.Target::hit)
                .containsExactly(true, true, true, false);
    }

    private static Targets.Target ratio(StageResult stage) {
        return Targets.of(stage, List.of(SCENARIO)).getFirst();
    }

    private static StageResult stage(Durability durability, List<Double> spillway, List<Double> nginx) {
        var rounds = new ArrayList<Round>();
        spillway.forEach(rate -> rounds.add(round(Contender.SPILLWAY, rate)));
        nginx.forEach(rate -> rounds.add(round(Contender.NGINX, rate)));
        return new StageResult(durability, "", Map.of(), rounds, List.of(), null);
    }

    private static Round round(String contender, double rate) {
        return new Round(contender, 1, SCENARIO, rate, 1, 1, 0, 0, 0, 1, 1, 3, 3, 1, 0);
    }
}
