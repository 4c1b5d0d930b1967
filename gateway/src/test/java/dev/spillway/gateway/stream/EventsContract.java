// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The half of the contract about leases, taking, committing and trimming. */
abstract class EventsContract extends AsideContract {
    private static final StreamGroup.Stream IN = StreamGroup.Stream.EVENTS;

    @Test
    void a_lease_is_one_owners_until_it_runs_out_and_each_taking_has_its_own_epoch() {
        assertThat(fence).isEqualTo(new Fence("a:1", 1));
        assertThat(Ends.of(store.lease(P, EVENTS, "b:1", TTL, false))).isInstanceOf(LeaseAnswer.Refused.class);
        assertThat(held(EVENTS, "a:1")).as("extended").isEqualTo(fence);

        rig.pass(TTL.minusMillis(1000));
        assertThat(held(EVENTS, "a:1")).isEqualTo(fence);
        rig.pass(TTL.minusMillis(1000));
        assertThat(Ends.of(store.lease(P, EVENTS, "b:1", TTL, false))).isInstanceOf(LeaseAnswer.Refused.class);

        assertThat(taken(EVENTS, "b:1")).isEqualTo(new Fence("b:1", 2));
        assertThat(taken(EVENTS, "a:1")).isEqualTo(new Fence("a:1", 3));
    }

    @Test
    void a_lease_that_ran_out_but_nobody_took_goes_on_under_the_same_epoch() {
        rig.pass(TTL.multipliedBy(10));

        assertThat(held(EVENTS, "a:1")).isEqualTo(fence);
    }

    @Test
    void a_lease_that_ends_absurdly_late_may_be_taken_since_the_clock_went_back() {
        rig.pass(TTL.negated().plusSeconds(1));
        assertThat(Ends.of(store.lease(P, EVENTS, "b:1", TTL, false)))
                .as("up to twice the life it is believed")
                .isInstanceOf(LeaseAnswer.Refused.class);

        rig.pass(Duration.ofSeconds(-3));
        assertThat(held(EVENTS, "b:1")).isEqualTo(new Fence("b:1", 2));
    }

    @Test
    void takeovers_in_a_row_are_counted_until_a_release_or_a_healthy_owner() {
        rig.pass(TTL);
        assertThat(takeovers("b:1", false)).isEqualTo(1);
        rig.pass(TTL);
        assertThat(takeovers("c:1", false)).isEqualTo(2);
        assertThat(takeovers("c:1", false)).as("renewing keeps the count").isEqualTo(2);
        assertThat(takeovers("c:1", true)).isZero();

        rig.pass(TTL);
        assertThat(takeovers("d:1", false)).isEqualTo(1);
        var last = held(EVENTS, "d:1");
        Ends.of(store.release(P, EVENTS, last));
        assertThat(takeovers("e:1", false)).isZero();
        assertThat(held(EVENTS, "e:1").epoch()).isEqualTo(last.epoch() + 1);
    }

    @Test
    void what_an_owner_noted_before_it_died_is_told_to_the_next() {
        var keys = List.of(new EventKey(1, 2), new EventKey(-3, 4));
        twice(() -> store.suspect(P, EVENTS, fence, keys));
        assertThat(lease("a:1").suspects()).as("told to the same owner too").isEqualTo(new Suspects(keys, 0));

        rig.pass(TTL);
        var next = lease("b:1");
        assertThat(next.suspects()).isEqualTo(new Suspects(keys, 0));
        refused(() -> store.suspect(P, EVENTS, fence, List.of()));

        Ends.of(store.suspect(P, EVENTS, next.fence(), List.of()));
        rig.pass(TTL);
        assertThat(lease("c:1").suspects()).isEqualTo(Suspects.NONE);
    }

    @Test
    void only_owners_that_died_with_one_event_alone_are_counted_against_it() {
        var one = List.of(new EventKey(5, 6));
        Ends.of(store.suspect(P, EVENTS, fence, one));
        Ends.of(store.release(P, EVENTS, fence));
        var second = lease("b:1");
        assertThat(second.suspects()).as("released is not died").isEqualTo(new Suspects(one, 0));

        rig.pass(TTL);
        var third = lease("c:1");
        assertThat(third.suspects().crashes()).isEqualTo(1);
        assertThat(lease("c:1").suspects().crashes())
                .as("renewing is not dying")
                .isEqualTo(1);
        Ends.of(store.suspect(P, EVENTS, third.fence(), one));
        rig.pass(TTL);
        var fourth = lease("d:1");
        assertThat(fourth.suspects()).as("noted again keeps the count").isEqualTo(new Suspects(one, 2));

        Ends.of(store.suspect(P, EVENTS, fourth.fence(), List.of(new EventKey(7, 8))));
        rig.pass(TTL);
        assertThat(lease("e:1").suspects().crashes())
                .as("another's count is its own")
                .isEqualTo(1);
    }

    private LeaseAnswer.Held lease(String owner) {
        return (LeaseAnswer.Held) Ends.of(store.lease(P, EVENTS, owner, TTL, false));
    }

    private int takeovers(String owner, boolean healthy) {
        return ((LeaseAnswer.Held) Ends.of(store.lease(P, EVENTS, owner, TTL, healthy))).takeovers();
    }

    @Test
    void a_release_frees_the_lease_at_once_and_a_late_one_frees_nothing() {
        twice(() -> store.release(P, EVENTS, fence));
        var next = held(EVENTS, "b:1");

        Ends.of(store.release(P, EVENTS, fence));
        Ends.of(store.release(P, EVENTS, new Fence("b:1", next.epoch() - 1)));

        assertThat(Ends.of(store.lease(P, EVENTS, "c:1", TTL, false))).isInstanceOf(LeaseAnswer.Refused.class);
        refused(() -> store.take(P, EVENTS, fence, "0", 1, 100));
    }

    @Test
    void leases_of_other_groups_and_partitions_are_others() {
        assertThat(held(StreamGroup.of(SHOP), "b:1").epoch()).isEqualTo(1);
        assertThat(Ends.of(store.lease(P + 1, StreamGroup.DISPATCH, "b:1", TTL, false)))
                .isInstanceOf(LeaseAnswer.Held.class);
        assertThat(Ends.of(store.lease(P + 1, EVENTS, "b:1", TTL, false))).isInstanceOf(LeaseAnswer.Held.class);
        refused(() -> store.take(P + 1, EVENTS, fence, "0", 1, 100));
    }

    @Test
    void members_are_told_until_they_leave_or_fall_silent() {
        var three = Duration.ofSeconds(3);
        assertThat(Ends.of(store.heartbeat(EVENTS, "a", three))).containsExactly("a");
        rig.pass(Duration.ofSeconds(1));
        assertThat(Ends.of(store.heartbeat(EVENTS, "b", three))).containsExactly("a", "b");
        assertThat(Ends.of(store.heartbeat(StreamGroup.DISPATCH, "c", three))).containsExactly("c");

        rig.pass(Duration.ofSeconds(2));
        assertThat(Ends.of(store.heartbeat(EVENTS, "c", three))).containsExactly("b", "c");
        assertThat(Ends.of(store.heartbeat(EVENTS, "b", Duration.ZERO))).containsExactly("c");
        assertThat(Ends.of(store.heartbeat(EVENTS, "b", Duration.ZERO))).containsExactly("c");
    }

    @Test
    void a_member_from_an_absurd_future_is_forgotten() {
        var three = Duration.ofSeconds(3);
        Ends.of(store.heartbeat(EVENTS, "a", three));
        rig.pass(Duration.ofHours(-1));

        assertThat(Ends.of(store.heartbeat(EVENTS, "b", three))).containsExactly("b");
    }

    @Test
    void taking_goes_on_after_the_last_entry_and_a_lost_reply_heals_itself() {
        var first = append("1", "2");
        var second = append("3");

        var lost = take("0");
        assertThat(lost).extracting(Entry::id).containsExactly(first, second);
        assertThat(lost).extracting(Entry::count).containsExactly(2, 1);
        assertThat(lost).noneMatch(Entry::redelivered);

        var again = take("0");
        assertThat(again).extracting(Entry::id).containsExactly(first, second);
        assertThat(again).allMatch(Entry::redelivered);
        assertThat(new String(again.getFirst().batch(), UTF_8)).isEqualTo("1\n2");

        assertThat(take(second)).isEmpty();
        var third = append("4");
        assertThat(take(first)).extracting(Entry::id).containsExactly(second, third);
        assertThat(take(first)).extracting(Entry::redelivered).containsExactly(true, true);
    }

    @Test
    void taking_stops_at_the_limits_and_never_splits_an_entry() {
        append("1", "2", "3");
        append("4");
        append("5");

        assertThat(Ends.of(store.take(P, EVENTS, fence, "0", 1, 1000))).hasSize(1);
        assertThat(Ends.of(store.take(P, EVENTS, fence, "0", 4, 1000))).hasSize(2);
        assertThat(Ends.of(store.take(P, EVENTS, fence, "0", 100, 6))).hasSize(2);
        assertThat(Ends.of(store.take(P, EVENTS, fence, "0", 0, 1000))).isEmpty();
    }

    @Test
    void a_new_holder_starts_with_what_the_last_one_left() {
        var first = append("1");
        var second = append("2");
        take("0");
        commit(List.of(done(1)), whole(first, 1));
        var third = append("3");

        var next = taken(EVENTS, "b:1");

        assertThat(take(EVENTS, next, "0")).extracting(Entry::id).containsExactly(second, third);
        refused(() -> store.take(P, EVENTS, fence, "0", 10, 1000));
    }

    @Test
    void every_group_gets_everything() {
        rig.subscribe(P, StreamGroup.of(SHOP));
        var id = append("1");
        var shop = held(StreamGroup.of(SHOP), "s:1");

        assertThat(take("0")).extracting(Entry::id).containsExactly(id);
        commit(List.of(done(1)), whole(id, 1));
        assertThat(take(StreamGroup.of(SHOP), shop, "0")).extracting(Entry::id).containsExactly(id);
        var committed = Ends.of(store.commit(P, SHOP, shop, List.of(done(1)), List.of(whole(id, 1))));
        assertThat(committed.first()).as("each has its own guard").containsExactly(true);
    }

    @Test
    void a_vanished_entry_and_a_missing_group_are_alarms() {
        var id = append("1");
        take("0");
        rig.vanish(P, IN, id);
        assertThatThrownBy(ended(() -> store.take(P, EVENTS, fence, "0", 10, 1000)))
                .isInstanceOf(GroupMissing.class);

        rig.dropGroup(P, EVENTS);
        assertThatThrownBy(ended(() -> store.take(P, EVENTS, fence, id, 10, 1000)))
                .isInstanceOf(GroupMissing.class);
    }

    @Test
    void a_commit_sends_replies_once_however_often_it_is_made() {
        var id = append("1", "2", "3");
        take("0");

        var committed = twice(() ->
                store.commit(P, PETER, fence, List.of(done(1, "r1", "r2"), done(2), dead(3)), List.of(whole(id, 3))));

        assertThat(committed.first()).containsExactly(true, true, true);
        assertThat(committed.repliesWaiting()).isEqualTo(2);
        assertThat(rig.replies(P)).containsExactly("r1", "r2");
        assertThat(rig.letters(P))
                .containsExactly(new ModelPartition.Letter("peter.1", "bot-rejected: no", 5, "event 3"));
        assertThat(rig.pending(P, EVENTS)).isEmpty();
        assertThat(commit(List.of(done(1, "r1", "r2"), done(4), dead(3)), whole(id, 3))
                        .first())
                .containsExactly(false, true, false);
    }

    @Test
    void entries_are_acknowledged_only_when_the_commit_names_them() {
        var first = append("1", "2");
        var second = append("3");
        take("0");

        commit(List.of(done(1), done(3)));
        assertThat(rig.pending(P, EVENTS)).containsExactly(first, second);
        assertThat(counter("peter.1:fin")).isZero();

        commit(List.of(done(2)), whole(first, 2));
        assertThat(rig.pending(P, EVENTS)).containsExactly(second);
        assertThat(counter("peter.1:fin")).isEqualTo(2);
    }

    @Test
    void the_counters_balance_with_copies_letters_and_filtered_events() {
        append("0");
        var first = append("1", "2", "1", "3");
        var second = append("2", "4", "5");
        take("0");

        commit(List.of(done(1, "a"), dead(2), done(1, "a")));
        commit(List.of(done(2, "late")), new FinishedEntry(first, 4, 1));
        commit(List.of(done(4)), new FinishedEntry(second, 3, 1));

        var waiting = counter("added") - counter("peter.1:base") - counter("peter.1:fin");
        assertThat(waiting).isEqualTo(1);
        var duplicates = counter("peter.1:fin")
                - counter("peter.1:done")
                - counter("peter.1:dead")
                - counter("peter.1:skipped")
                - counter("peter.1:filtered");
        assertThat(duplicates).isEqualTo(2);
        assertThat(rig.replies(P)).containsExactly("a");
    }

    @Test
    void what_a_stale_holder_presents_changes_nothing() {
        var id = append("1");
        take("0");
        var next = taken(EVENTS, "b:1");

        for (var stale : List.of(fence, new Fence("b:1", 1), new Fence("a:1", 2), new Fence("", 2))) {
            refused(() -> store.commit(P, PETER, stale, List.of(done(1, "r")), List.of(whole(id, 1))));
            refused(() -> store.seen(P, PETER, stale, List.of(event(1))));
            refused(() -> store.take(P, EVENTS, stale, "0", 10, 100));
        }
        assertThat(Ends.of(store.commit(P, PETER, next, List.of(done(1, "r")), List.of(whole(id, 1))))
                        .first())
                .containsExactly(true);
    }

    @Test
    void what_is_finished_is_seen_whoever_finished_it() {
        commit(List.of(done(1), dead(2)));
        var next = taken(EVENTS, "b:1");

        var seen = twice(() -> store.seen(P, PETER, next, List.of(event(1), event(2), event(3))));

        assertThat(seen).containsExactly(true, true, false);
        var shop = held(StreamGroup.of(SHOP), "s:1");
        assertThat(Ends.of(store.seen(P, SHOP, shop, List.of(event(1))))).containsExactly(false);
    }

    @Test
    void a_second_copy_sends_nothing_whatever_its_notifications_day_up_to_two_apart() {
        for (var apart = -2; apart <= 2; apart++) {
            var day = new Bucket(Bucket.Life.CHANGE, Bucket.Unit.DAY, 20_000);
            var copy = event(100 + apart, new Bucket(day.life(), day.unit(), day.span() + apart));
            commit(List.of(new Finished.Done(event(100 + apart, day), List.of(bytes("first " + apart)))));

            assertThat(Ends.of(store.seen(P, PETER, fence, List.of(copy)))).containsExactly(true);
            assertThat(commit(List.of(new Finished.Done(copy, List.of(bytes("second")))))
                            .first())
                    .containsExactly(false);
        }
        assertThat(rig.replies(P)).hasSize(5).noneMatch(reply -> reply.equals("second"));
    }

    @Test
    void thousands_of_events_in_one_bucket_are_all_remembered_and_none_is_mistaken() {
        var done = new ArrayList<Finished>();
        for (var event = 0; event < 2000; event++) {
            done.add(done(event));
        }
        for (var from = 0; from < 2000; from += 125) {
            assertThat(commit(done.subList(from, from + 125)).first()).containsOnly(true);
        }
        assertThat(commit(done).first()).hasSize(2000).containsOnly(false);

        var asked = new ArrayList<Guarded>();
        for (var event = 0; event < 4000; event++) {
            asked.add(event(event));
        }
        var seen = Ends.of(store.seen(P, PETER, fence, asked));
        assertThat(seen.subList(0, 2000)).containsOnly(true);
        assertThat(seen.subList(2000, 4000)).containsOnly(false);
        var next = new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, HOUR + 1);
        assertThat(Ends.of(store.commit(
                                P, PETER, fence, List.of(new Finished.Done(event(1, next), List.of())), List.of()))
                        .first())
                .as("another hour is another event")
                .containsExactly(true);
    }

    @Test
    void trimming_stops_at_the_oldest_entry_any_group_has_not_finished() {
        rig.subscribe(P, StreamGroup.of(SHOP));
        var shop = held(StreamGroup.of(SHOP), "s:1");
        var names = List.of("peter.1", "shop.2");
        var ids = new ArrayList<String>();
        for (var event = 0; event < 6; event++) {
            ids.add(append("e" + event));
        }
        assertThat(Ends.of(store.trim(P, IN, names))).as("nothing was taken").isZero();

        take("0");
        ids.forEach(id -> commit(List.of(), whole(id, 1)));
        assertThat(Ends.of(store.trim(P, IN, names)))
                .as("shop has taken nothing")
                .isZero();

        take(StreamGroup.of(SHOP), shop, "0");
        for (var finished : List.of(0, 1, 4)) {
            Ends.of(store.commit(P, SHOP, shop, List.of(), List.of(whole(ids.get(finished), 1))));
        }
        assertThat(twice(() -> store.trim(P, IN, names))).isEqualTo(2);
        assertThat(rig.entries(P, IN)).isEqualTo(ids.subList(2, 6));
        assertThat(take(StreamGroup.of(SHOP), shop, "0"))
                .extracting(Entry::id)
                .containsExactly(ids.get(2), ids.get(3), ids.get(5));

        for (var finished : List.of(2, 3, 5)) {
            Ends.of(store.commit(P, SHOP, shop, List.of(), List.of(whole(ids.get(finished), 1))));
        }
        assertThat(Ends.of(store.trim(P, IN, names))).isEqualTo(3);
        assertThat(rig.entries(P, IN)).as("the last delivered stays").containsExactly(ids.get(5));
        var next = append("e6");
        assertThat(take("0")).extracting(Entry::id).containsExactly(next);
    }

    @Test
    void nothing_is_trimmed_while_a_group_is_missing() {
        var id = append("1");
        append("2");
        take("0");
        commit(List.of(done(1)), whole(id, 1));

        assertThatThrownBy(ended(() -> store.trim(P, IN, List.of("peter.1", "shop.2"))))
                .isInstanceOf(GroupMissing.class);
        assertThat(rig.entries(P, IN)).hasSize(2);
    }

    @Test
    void counters_that_miss_the_stream_are_corrected_when_nothing_waits_and_nothing_is_on_its_way() {
        var id = append("1");
        rig.miscount(P, -1);
        take("0");
        assertThat(drift(Drift.NONE).events()).as("something waits").isZero();
        commit(List.of(done(1)), whole(id, 1));

        var seen = drift(Drift.NONE);
        assertThat(seen).isEqualTo(new Drift(id, -1));
        assertThat(drift(new Drift(id, -2)))
                .as("another difference than before")
                .isEqualTo(seen);
        assertThat(drift(new Drift("0-1", -1))).as("something was added since").isEqualTo(seen);
        assertThat(waiting()).isEqualTo(-1);

        assertThat(drift(seen)).isEqualTo(new Drift(id, 0));
        assertThat(drift(seen)).as("once").isEqualTo(new Drift(id, 0));
        assertThat(waiting()).isZero();
        assertThatThrownBy(ended(() -> store.drift(P, EVENTS, new Fence("zombie", 1), seen)))
                .isInstanceOf(LeaseLost.class);
    }

    private Drift drift(Drift before) {
        return Ends.of(store.drift(P, EVENTS, fence, before));
    }

    private long waiting() {
        var counters = rig.counters(P);
        return counters.getOrDefault("added", 0L)
                - counters.getOrDefault("peter.1:base", 0L)
                - counters.getOrDefault("peter.1:fin", 0L);
    }
}
