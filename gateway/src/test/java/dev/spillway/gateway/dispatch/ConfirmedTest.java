// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.kit.ManualTime;
import dev.spillway.gateway.stream.Fence;
import dev.spillway.gateway.stream.ReplyAttempt;
import dev.spillway.gateway.stream.ReplyId;
import dev.spillway.gateway.stream.StoreGate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfirmedTest {
    private static final Fence FENCE = new Fence("a:1", 1);

    private final ManualTime time = new ManualTime();
    private final StoreGate gate = new StoreGate(time::nanos);
    private final Confirmed confirmed =
            new Confirmed(new Timers(time.vertx(), time.context()), gate.store(), time::nanos);

    private static ReplyAttempt attempt(int partition, int number) {
        return new ReplyAttempt(new ReplyId(partition, "r" + number), 500_000, 1);
    }

    private void sent(int partition, int number) {
        confirmed.add(partition, FENCE, attempt(partition, number));
    }

    private List<Object> told() {
        return gate.calls().stream()
                .filter(call -> call.name().equals("sentLate"))
                .map(call -> call.arguments().get(2))
                .toList();
    }

    @Test
    void a_partition_is_told_what_was_sent_of_it() {
        sent(0, 1);
        sent(1, 2);
        sent(0, 3);

        confirmed.tell(0);

        assertThat(told()).containsExactly(attempt(0, 1), attempt(0, 3));
    }

    @Test
    void all_are_told_when_the_server_is_another() {
        sent(0, 1);
        sent(1, 2);

        confirmed.tellAll();

        assertThat(told()).containsExactlyInAnyOrder(attempt(0, 1), attempt(1, 2));
    }

    @Test
    void what_is_older_than_a_failover_can_take_back_is_forgotten() {
        sent(0, 1);
        time.advance(Duration.ofSeconds(11));
        sent(0, 2);

        confirmed.tell(0);

        assertThat(told()).containsExactly(attempt(0, 2));
    }

    @Test
    void nothing_is_forgotten_while_nothing_is_sent() {
        sent(0, 1);
        time.advance(Duration.ofMinutes(10));

        confirmed.tell(0);

        assertThat(told()).containsExactly(attempt(0, 1));
    }

    @Test
    void it_is_told_again_until_redis_answers() {
        gate.away();
        sent(0, 1);
        confirmed.tell(0);
        time.advance(Duration.ofSeconds(5));
        gate.heal();
        gate.calls().clear();

        time.advance(Duration.ofSeconds(2));

        assertThat(told()).containsExactly(attempt(0, 1));
    }

    @Test
    void a_second_telling_takes_the_place_of_one_that_found_no_redis() {
        gate.away();
        sent(0, 1);
        confirmed.tell(0);
        confirmed.tell(0);
        time.advance(Duration.ofSeconds(5));
        gate.heal();
        gate.calls().clear();

        time.advance(Duration.ofSeconds(2));

        assertThat(told()).containsExactly(attempt(0, 1));
    }
}
