// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Bucket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * However the once-guard grows, whoever asks it, and whatever hour it is: a copy is known as one. Each first copy has one
 * reply, so replies tell what was let through.
 */
abstract class GuardContract extends ContractSteps {
    private static final int MANY = 160;

    private int owners;

    private static Bucket hour(long span) {
        return new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, span);
    }

    private static Bucket day(long span) {
        return new Bucket(Bucket.Life.CHANGE, Bucket.Unit.DAY, span);
    }

    private static Finished copy(int number, Bucket bucket) {
        return new Finished.Done(event(number, bucket), List.of(bytes("reply " + number)));
    }

    private void takeover() {
        owners++;
        fence = taken(EVENTS, "owner:" + owners);
    }

    private List<Boolean> finished(List<Finished> events) {
        return commit(events).first();
    }

    private void repliedOnce(int events) {
        assertThat(rig.replies(P))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, events)
                        .mapToObj(number -> "reply " + number)
                        .toList());
    }

    @Test
    void copies_are_known_while_an_hour_grows_and_changes_hands() {
        for (var number = 0; number < MANY; number++) {
            assertThat(finished(List.of(copy(number, hour(HOUR))))).containsExactly(true);
            if (number % 16 == 15) {
                takeover();
                var asked = IntStream.rangeClosed(0, number + 1)
                        .mapToObj(ContractSteps::event)
                        .toList();
                var seen = Ends.of(store.seen(P, PETER, fence, asked));
                assertThat(seen.subList(0, number + 1)).containsOnly(true);
                assertThat(seen.getLast()).as("one to come").isFalse();
            }
            var copies = new ArrayList<Finished>();
            for (var earlier = number % 7; earlier <= number; earlier += 7) {
                copies.add(copy(earlier, hour(HOUR)));
            }
            assertThat(finished(copies)).doesNotContain(true);
        }
        repliedOnce(MANY);
    }

    @Test
    void an_hour_that_grows_within_one_commit_knows_the_copies_in_it() {
        var events = new ArrayList<Finished>();
        for (var number = 0; number < MANY; number++) {
            events.add(copy(number, hour(HOUR)));
            events.add(copy(number / 2, hour(HOUR)));
            events.add(copy(number, hour(HOUR)));
        }
        finished(events);
        takeover();

        assertThat(finished(events)).doesNotContain(true);
        repliedOnce(MANY);
    }

    @Test
    void the_hours_edge_is_none_for_copies_of_the_hour_before() {
        var late = new ArrayList<Integer>();
        for (var number = 0; number < MANY; number++) {
            // Each hour begins with what the one before has grown to, and that one goes on growing meanwhile.
            var span = HOUR + number / 40 - (number % 5 == 4 ? 1 : 0);
            assertThat(finished(List.of(copy(number, hour(span))))).containsExactly(true);
            late.add(number);
            if (number % 40 < 2) {
                takeover();
                for (var earlier : late) {
                    var of = HOUR + earlier / 40 - (earlier % 5 == 4 ? 1 : 0);
                    assertThat(finished(List.of(copy(earlier, hour(of))))).containsExactly(false);
                }
            }
        }
        repliedOnce(MANY);
    }

    @Test
    void the_edges_of_days_are_none_for_copies_of_later_notifications() {
        var random = new Random(1);
        var order = new ArrayList<>(numbers(MANY));
        Collections.shuffle(order, random);
        for (var number : order) {
            assertThat(finished(List.of(copy(number, day(20_000 + number % 3)))))
                    .containsExactly(true);
        }
        takeover();
        for (var number : order) {
            var apart = random.nextInt(5) - 2;
            assertThat(finished(List.of(copy(number, day(20_000 + number % 3 + apart)))))
                    .as("event %d, %d days apart", number, apart)
                    .containsExactly(false);
        }
        repliedOnce(MANY);
    }
}
