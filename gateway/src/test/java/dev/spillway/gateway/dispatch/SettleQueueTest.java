// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.kit.ManualTime;
import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.LeaseLost;
import dev.spillway.gateway.stream.ReplyAttempt;
import dev.spillway.gateway.stream.ReplyId;
import dev.spillway.gateway.stream.Sealed;
import dev.spillway.gateway.stream.SealedEntry;
import dev.spillway.gateway.stream.StoreGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SettleQueueTest {
    private final ManualTime time = new ManualTime();
    private final StoreGate gate = new StoreGate(time::nanos);
    private final List<List<OpenReplies>> settled = new ArrayList<>();
    private final List<Throwable> failed = new ArrayList<>();
    private final SettleQueue queue = new SettleQueue(
            new Timers(time.vertx(), time.context()),
            gate.store(),
            StoreGate.tenure(time::nanos, () -> {}),
            settled::add,
            failed::add);

    @BeforeEach
    void lease() {
        gate.leaseReplies();
        gate.close();
    }

    private static ReplyAttempt attempt(int number) {
        return new ReplyAttempt(new ReplyId(0, "r" + number), 500_000, 1);
    }

    private static OpenReplies entry(int id, int from, int to) {
        var entry = new OpenReplies(new Entry(id + "-0", to - from, new byte[0], false));
        for (var number = from; number < to; number++) {
            entry.opened(attempt(number));
        }
        entry.closed();
        return entry;
    }

    private void sent(int number, OpenReplies entry) {
        queue.add(new Sealed.Sent(attempt(number), 1), entry);
    }

    private List<String> settles() {
        return gate.calls().stream()
                .filter(call -> call.name().equals("settle"))
                .map(call -> ((List<?>) call.arguments().get(2)).size() + " "
                        + ((List<?>) call.arguments().get(3))
                                .stream()
                                        .map(entry -> ((SealedEntry) entry).id())
                                        .toList())
                .toList();
    }

    @Test
    void a_settlement_is_bounded_and_no_entry_goes_before_its_last_reply() {
        sent(0, entry(1, 0, 1));
        var large = entry(2, 1, 200);
        for (var number = 1; number < 200; number++) {
            sent(number, large);
        }
        gate.open();

        assertThat(settles()).containsExactly("1 [1-0]", "128 []", "71 [2-0]");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void an_entry_whose_replies_were_all_finished_before_goes_alone() {
        gate.open();
        queue.close(entry(1, 0, 1));

        assertThat(settles()).containsExactly("0 [1-0]");
        assertThat(settled).hasSize(1);
    }

    @Test
    void an_unanswered_settlement_is_repeated_until_the_lease_is_gone() {
        gate.away();
        sent(0, entry(1, 0, 1));
        time.advance(Duration.ofMillis(200));
        assertThat(gate.count("settle")).isGreaterThan(2);

        gate.heal();
        gate.open();
        time.advance(Duration.ofSeconds(1));
        assertThat(settled).hasSize(1);
        assertThat(failed).isEmpty();
    }

    @Test
    void a_lease_that_is_gone_ends_it() {
        sent(0, entry(1, 0, 1));
        gate.loseLeases();
        gate.open();

        assertThat(failed).hasOnlyElementsOfType(LeaseLost.class).isNotEmpty();
        assertThat(settled).isEmpty();
    }
}
