// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldPartitionsTest {
    private final List<Work> made = new ArrayList<>();
    private final HeldPartitions held = new HeldPartitions(
            tenure -> {
                var work = new Work();
                made.add(work);
                return work;
            },
            Duration.ofMinutes(1));
    private final Tenure tenure = StoreGate.tenure(() -> 0, () -> {});

    private static final class Work implements HeldPartitions.Part {
        private final Promise<Void> idle = Promise.promise();
        private boolean started;
        private boolean leaving;
        private boolean ended;

        @Override
        public void start() {
            started = true;
        }

        @Override
        public Future<Void> handOver() {
            leaving = true;
            return idle.future();
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    @Test
    void a_pause_lets_work_end_and_going_on_begins_anew_in_what_is_still_held() {
        held.acquired(tenure);
        held.pause(true);
        assertThat(made.getFirst().leaving).isTrue();
        assertThat(made.getFirst().ended).as("its work has not ended").isFalse();

        made.getFirst().idle.complete();
        assertThat(made.getFirst().ended).isTrue();
        assertThat(made).hasSize(1);

        held.pause(false);
        assertThat(made).hasSize(2);
        assertThat(made.getLast().started).isTrue();
    }

    @Test
    void going_on_before_the_work_has_ended_waits_for_it() {
        held.acquired(tenure);
        held.pause(true);
        held.pause(false);
        assertThat(made).hasSize(1);

        made.getFirst().idle.complete();

        assertThat(made).hasSize(2);
        assertThat(made.getFirst().ended).isTrue();
        assertThat(made.getLast().started).isTrue();
    }

    @Test
    void what_is_taken_over_in_a_pause_waits_for_its_end() {
        held.pause(true);
        held.acquired(tenure);
        assertThat(made).isEmpty();
        assertThat(held.handOver(tenure).succeeded()).isTrue();

        held.pause(false);
        assertThat(made).hasSize(1);
    }

    @Test
    void what_was_lost_in_a_pause_is_not_worked_on_after_it() {
        held.acquired(tenure);
        held.pause(true);
        held.lost(tenure);
        assertThat(made.getFirst().ended).isTrue();
        made.getFirst().idle.complete();

        held.pause(false);
        assertThat(made).hasSize(1);
    }
}
