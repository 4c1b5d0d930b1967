// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
    private WaitingLine line = new WaitingLine(ConversationPace.NONE);
    private long now = 1_000;

    @Test
    void conversations_take_turns_and_keep_their_order() {
        for (var conversation : List.of("a", "a", "a", "b", "c", "c")) {
            line.add(waiter(conversation, 1, Priority.NORMAL));
        }

        assertThat(servedOrder(6)).containsExactly("a", "b", "c", "a", "c", "a");
    }

    @Test
    void urgent_work_passes_and_the_lowest_still_gets_every_tenth_turn() {
        for (int i = 0; i < 100; i++) {
            line.add(waiter("chat", 1, Priority.INTERACTIVE));
            line.add(waiter("campaign", 1, Priority.BULK));
        }

        var order = servedOrder(100);

        assertThat(order.stream().filter("campaign"::equals).count()).isEqualTo(10);
        assertThat(order.subList(0, 9)).containsOnly("chat");
    }

    @Test
    void a_conversation_beyond_its_own_pace_stands_aside() {
        var pace = ConversationPace.of(new Limit("thread", 10, Duration.ofSeconds(1), 1, Mode.NOMINAL), 100);
        var paced = new WaitingLine(pace);
        for (int i = 0; i < 3; i++) {
            paced.add(waiter("a", 1, Priority.NORMAL));
        }
        paced.add(waiter("b", 1, Priority.NORMAL));

        paced.served(Objects.requireNonNull(paced.head(now)), now, now);
        var second = Objects.requireNonNull(paced.head(now));
        assertThat(second.request.conversationId()).isEqualTo("b");
        paced.served(second, now, now);
        assertThat(paced.head(now)).isNull();
        assertThat(paced.nextReadyNanos(now)).isEqualTo(now + 100_000_000);
        assertThat(paced.head(now + 100_000_000)).isNotNull();
    }

    @Test
    void who_leaves_is_gone_and_the_deadlines_forget_him() {
        var waiters = new ArrayList<Waiter>();
        for (int i = 0; i < 1_000; i++) {
            var waiter = waiter("c" + i % 7, 1, Priority.NORMAL);
            waiters.add(waiter);
            line.add(waiter);
        }
        waiters.forEach(line::remove);

        assertThat(line.size()).isZero();
        assertThat(line.weight()).isZero();
        assertThat(line.head(now)).isNull();
        assertThat(line.earliest()).isNull();
    }

    /** I7: flows that always wait are served within 3 units of each other, for unit costs. */
    @Property(tries = 50)
    void always_waiting_conversations_are_served_alike(@ForAll long seed) {
        line = new WaitingLine(ConversationPace.NONE);
        var random = new Random(seed);
        var flows = 2 + random.nextInt(20);
        for (int flow = 0; flow < flows; flow++) {
            for (int i = 0; i < 200; i++) {
                line.add(waiter("f" + flow, 1, Priority.NORMAL));
            }
        }
        var served = new HashMap<String, Integer>();
        for (int i = 0; i < 100 * flows; i++) {
            now += random.nextInt(100);
            var head = Objects.requireNonNull(line.head(now));
            line.served(head, now, now);
            served.merge(head.request.conversationId(), 1, Integer::sum);
            var counts = served.values();
            var least = served.size() < flows
                    ? 0
                    : counts.stream().mapToInt(c -> c).min().orElse(0);
            assertThat(counts.stream().mapToInt(c -> c).max().orElse(0) - least).isLessThanOrEqualTo(3);
        }
    }

    /** Whatever comes, leaves and is served, the line's own counts stay right and nobody is forgotten. */
    @Property(tries = 50)
    void the_line_never_loses_anyone(@ForAll long seed) {
        line = new WaitingLine(ConversationPace.NONE);
        var random = new Random(seed);
        var inside = new ArrayList<Waiter>();
        for (int step = 0; step < 2_000; step++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    var priority = List.of(Priority.values()).get(random.nextInt(3));
                    var waiter = waiter("f" + random.nextInt(5), 1 + random.nextInt(4), priority);
                    inside.add(waiter);
                    line.add(waiter);
                }
                case 1 -> {
                    if (!inside.isEmpty()) {
                        line.remove(inside.remove(random.nextInt(inside.size())));
                    }
                }
                default -> {
                    var head = line.head(now);
                    assertThat(head == null).isEqualTo(inside.isEmpty());
                    if (head != null) {
                        line.served(head, now, now);
                        assertThat(inside.remove(head)).isTrue();
                    }
                }
            }
            assertThat(line.size()).isEqualTo(inside.size());
            assertThat(line.weight())
                    .isEqualTo(inside.stream().mapToLong(Waiter::weight).sum());
        }
    }

    private List<String> servedOrder(int turns) {
        var order = new ArrayList<String>();
        for (int i = 0; i < turns; i++) {
            var head = Objects.requireNonNull(line.head(now));
            order.add(head.request.conversationId());
            line.served(head, now, now);
        }
        return order;
    }

    private Waiter waiter(String conversation, int weight, Priority priority) {
        var request = new AcquireRequest(Laws.SCOPE, "text", conversation, weight, Duration.ofSeconds(1), priority);
        return new Waiter(request, now, waiter -> {});
    }
}
