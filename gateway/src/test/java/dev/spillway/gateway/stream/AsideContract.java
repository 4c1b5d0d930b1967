// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link PartitionStore} promises of pages that are set aside. */
abstract class AsideContract extends ContractSteps {
    private static final long ROOM = 1 << 20;
    private static final StreamGroup HOT = StreamGroup.aside(PETER, "100");

    private static SetAside hot(String boundary, String... lines) {
        return aside("100", boundary, 2, ROOM, lines);
    }

    private static SetAside aside(String page, String boundary, int pages, long bytes, String... lines) {
        var batches = Arrays.stream(lines)
                .map(line -> new SetAside.Lines((int) line.lines().count(), bytes(line)))
                .toList();
        return new SetAside(page, boundary, batches, pages, bytes);
    }

    private static FinishedEntry ofHot(Entry entry) {
        return new FinishedEntry(entry.id(), entry.count(), 0, "100");
    }

    private boolean set(SetAside events) {
        return Ends.of(store.setAside(P, PETER, fence, events));
    }

    private long waiting() {
        return counter("added") - counter("peter.1:base") - counter("peter.1:fin") + counter("peter.1:aside");
    }

    @Test
    void what_is_set_aside_is_there_once_however_often_it_is_said_and_follows_in_order() {
        var first = append("1", "2");
        var second = append("3");
        take("0");

        assertThat(twice(() -> store.setAside(P, PETER, fence, hot(first, "1\n2"))))
                .isTrue();
        assertThat(twice(() -> store.setAside(P, PETER, fence, hot(second, "3"))))
                .isTrue();
        assertThat(set(hot(first, "1\n2"))).as("a late repeat").isTrue();

        assertThat(Ends.of(store.aside(P, PETER))).containsExactly(java.util.Map.entry("100", second));
        assertThat(take(HOT, fence, "0"))
                .extracting(entry -> new String(entry.batch(), UTF_8))
                .containsExactly("1\n2", "3");
        assertThat(counter("peter.1:aside")).isEqualTo(3);
    }

    @Test
    void a_moved_event_waits_once_and_is_finished_where_it_went() {
        var id = append("1", "2");
        take("0");
        set(hot(id, "1\n2"));
        commit(List.of(), whole(id, 2));
        assertThat(waiting()).isEqualTo(2);

        var entry = take(HOT, fence, "0").getFirst();
        twice(() -> store.commit(P, PETER, fence, List.of(done(1, "a"), dead(2)), List.of(ofHot(entry))));

        assertThat(waiting()).isZero();
        assertThat(rig.pending(P, HOT)).isEmpty();
        assertThat(rig.replies(P)).containsExactly("a");
        assertThat(counter("peter.1:fin")).isEqualTo(counter("peter.1:done") + counter("peter.1:dead"));
    }

    @Test
    void the_next_holder_finds_what_was_aside_and_the_last_one_moves_nothing_more() {
        var id = append("1", "2");
        take("0");
        set(hot(id, "1", "2"));
        take(HOT, fence, "0");
        var gone = fence;
        fence = taken(EVENTS, "b:1");

        assertThat(Ends.of(store.aside(P, PETER))).containsEntry("100", id);
        assertThat(take(HOT, fence, "0")).hasSize(2).allMatch(Entry::redelivered);
        refused(() -> store.setAside(P, PETER, gone, hot("99-0", "3")));
        refused(() -> store.rejoin(P, PETER, gone, "100"));
        assertThatThrownBy(ended(() -> store.take(P, HOT, gone, "0", 1, 1))).isInstanceOf(LeaseLost.class);
    }

    @Test
    void a_page_rejoins_when_all_of_it_is_finished_and_may_leave_again() {
        var id = append("1", "2");
        take("0");
        set(hot(id, "1", "2"));
        assertThat(Ends.of(store.rejoin(P, PETER, fence, "100"))).as("not read").isFalse();
        var entries = take(HOT, fence, "0");
        commit(List.of(done(1)), ofHot(entries.getFirst()));
        assertThat(Ends.of(store.rejoin(P, PETER, fence, "100")))
                .as("one in hand")
                .isFalse();
        Ends.of(store.trimAside(P, PETER, "100"));
        commit(List.of(done(2)), ofHot(entries.getLast()));

        assertThat(twice(() -> store.rejoin(P, PETER, fence, "100"))).isTrue();

        assertThat(Ends.of(store.aside(P, PETER))).isEmpty();
        assertThat(counter("peter.1:aside")).isZero();
        var next = append("3");
        take("0");
        assertThat(set(hot(next, "3"))).isTrue();
        assertThat(take(HOT, fence, "0")).hasSize(1);
    }

    @Test
    void there_is_room_for_so_many_pages_and_bytes() {
        var id = append("1");
        var later = append("2");
        take("0");

        assertThat(set(aside("100", id, 2, 0, "1"))).as("no bytes at all").isFalse();
        assertThat(set(aside("100", id, 2, 1, "1"))).isTrue();
        assertThat(set(aside("100", later, 2, 1, "2"))).as("bytes").isFalse();
        assertThat(set(aside("200", later, 2, ROOM, "2"))).isTrue();
        assertThat(set(aside("300", later, 2, ROOM, "2"))).as("a third page").isFalse();
        assertThat(set(aside("100", later, 2, ROOM, "2")))
                .as("more of one of them")
                .isTrue();
        assertThat(Ends.of(store.aside(P, PETER))).containsOnlyKeys("100", "200");
        assertThat(counter("peter.1:aside")).isEqualTo(3);
    }

    @Test
    void what_is_finished_takes_no_room_even_if_nobody_trims_it() {
        var id = append("1");
        take("0");
        assertThat(set(aside("100", id, 2, 1, "1", "2"))).isTrue();
        for (var entry : take(HOT, fence, "0")) {
            commit(List.of(), ofHot(entry));
        }
        var next = append("3");
        var room = 100_000;
        assertThat(set(aside("100", next, 2, 1, "x".repeat(room), "3")))
                .as("all is")
                .isTrue();

        var entries = take(HOT, fence, "0");
        var last = append("4");
        assertThat(set(aside("100", last, 2, room, "4"))).as("nothing is").isFalse();
        commit(List.of(), ofHot(entries.getFirst()));
        assertThat(set(aside("100", last, 2, room, "4")))
                .as("the most of it is")
                .isTrue();
        assertThat(take(HOT, fence, entries.getFirst().id()))
                .extracting(entry -> new String(entry.batch(), UTF_8))
                .containsExactly("3", "4");
    }

    @Test
    void another_subscription_has_nothing_to_do_with_it() {
        rig.subscribe(P, StreamGroup.of(SHOP));
        var id = append("1");
        take("0");
        set(hot(id, "1"));

        assertThat(Ends.of(store.aside(P, SHOP))).isEmpty();
        var shop = held(StreamGroup.of(SHOP), "s:1");
        assertThat(take(StreamGroup.of(SHOP), shop, "0")).hasSize(1);
    }
}
