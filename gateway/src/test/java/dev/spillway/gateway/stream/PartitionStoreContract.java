// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PartitionStore} promises; this half is about replies and their journal. */
abstract class PartitionStoreContract extends EventsContract {
    private static final JournalRow NONE = new JournalRow(JournalRow.State.NONE, 0, 0);

    private Fence sender;

    @BeforeEach
    void leaseReplies() {
        sender = held(StreamGroup.DISPATCH, "d:1");
    }

    @Test
    void a_reply_is_journaled_before_it_may_be_sent_and_a_lost_answer_heals_itself() {
        var reply = replied(1).getFirst();

        assertThat(twice(() -> store.begin(P, sender, List.of(reply), false))).containsExactly(JournalWord.SEND);

        assertThat(row(reply)).isEqualTo(sending(1, 1));
        assertThat(begin(reply)).isEqualTo(JournalWord.SEND);
    }

    @Test
    void an_attempt_of_another_is_a_doubt_until_it_is_sent_again_on_purpose() {
        var reply = replied(1).getFirst();
        begin(reply);
        assertThat(Ends.of(store.begin(P, sender, List.of(attempt(1, 2)), false)))
                .as("an earlier attempt of the same holder")
                .containsExactly(JournalWord.IN_DOUBT);
        sender = taken(StreamGroup.DISPATCH, "d:2");

        assertThat(begin(reply)).isEqualTo(JournalWord.IN_DOUBT);
        assertThat(row(reply)).as("a question changes nothing").isEqualTo(sending(1, 1));
        assertThat(twice(() -> store.begin(P, sender, List.of(attempt(1, 2)), true)))
                .containsExactly(JournalWord.SEND);
        assertThat(row(reply)).isEqualTo(sending(2, 2));
    }

    @Test
    void an_aborted_attempt_leaves_no_doubt_and_a_late_abort_takes_back_nothing_newer() {
        var reply = replied(1).getFirst();
        begin(reply);
        twice(() -> store.abort(P, sender, reply));
        assertThat(row(reply)).isEqualTo(NONE);

        assertThat(begin(attempt(1, 2))).isEqualTo(JournalWord.SEND);
        Ends.of(store.abort(P, sender, reply));
        Ends.of(store.abort(P, new Fence("d:1", 9), attempt(1, 2)));
        assertThat(row(reply)).isEqualTo(sending(1, 2));
    }

    @Test
    void an_echo_ends_a_doubt_and_makes_no_row_of_its_own() {
        var reply = replied(1).getFirst();
        Ends.of(store.echoed(P, ids(reply)));
        assertThat(row(reply)).isEqualTo(NONE);

        begin(reply);
        twice(() -> store.echoed(P, ids(reply, attempt(2, 1))));
        assertThat(row(reply)).isEqualTo(new JournalRow(JournalRow.State.SEEN, 1, 1));
        assertThat(row(attempt(2, 1))).isEqualTo(NONE);

        sender = taken(StreamGroup.DISPATCH, "d:2");
        assertThat(twice(() -> store.begin(P, sender, List.of(reply), true))).containsExactly(JournalWord.FINISHED);
        assertThat(counter("sent")).isEqualTo(1);
        Ends.of(store.echoed(P, ids(reply)));
        assertThat(row(reply).state()).isEqualTo(JournalRow.State.DONE);
    }

    @Test
    void the_late_word_of_a_holder_that_is_gone_changes_its_own_row_only() {
        var reply = replied(1).getFirst();
        var gone = sender;
        begin(reply);
        sender = taken(StreamGroup.DISPATCH, "d:2");

        Ends.of(store.sentLate(P, gone, attempt(1, 7)));
        assertThat(row(reply)).isEqualTo(sending(1, 1));
        twice(() -> store.sentLate(P, gone, reply));
        assertThat(row(reply)).isEqualTo(new JournalRow(JournalRow.State.SEEN, 1, 1));

        begin(attempt(2, 1));
        Ends.of(store.sentLate(P, gone, attempt(2, 1)));
        assertThat(row(attempt(2, 1))).isEqualTo(sending(2, 1));
    }

    @Test
    void a_settled_reply_is_finished_for_ever_and_its_row_goes_with_its_entry() {
        var replies = replied(1, 2);
        var entry = takeReplies().getFirst();
        replies.forEach(this::begin);

        twice(() -> store.settle(P, sender, List.of(sent(1, 1)), List.of()));
        assertThat(row(replies.getFirst()).state()).isEqualTo(JournalRow.State.DONE);
        assertThat(rig.pending(P, StreamGroup.DISPATCH)).containsExactly(entry.id());
        assertThat(begin(replies.getFirst())).isEqualTo(JournalWord.FINISHED);

        twice(() -> store.settle(P, sender, List.of(sent(2, 1)), List.of(new SealedEntry(entry.id(), replies))));
        assertThat(rig.journal(P)).isEmpty();
        assertThat(rig.pending(P, StreamGroup.DISPATCH)).isEmpty();
        assertThat(counter("sent")).isEqualTo(2);
        assertThat(counter("out")).isEqualTo(counter("out-fin")).isEqualTo(2);
        assertThat(begin(replies.getLast())).as("a late begin").isEqualTo(JournalWord.FINISHED);
        Ends.of(store.echoed(P, ids(replies.getLast())));
        Ends.of(store.sentLate(P, sender, replies.getLast()));
        assertThat(rig.journal(P)).as("late words make no rows").isEmpty();
    }

    @Test
    void a_refused_reply_is_kept_for_a_person_once() {
        var replies = replied(1, 2);
        var entry = takeReplies().getFirst();
        begin(replies.getFirst());

        twice(() -> store.settle(P, sender, List.of(refused(1, 1, 1)), List.of()));
        twice(() -> store.settle(
                P, sender, List.of(refused(1, 1, 1), refused(2, 1, 1)), List.of(new SealedEntry(entry.id(), replies))));

        assertThat(rig.letters(P))
                .containsExactly(
                        new ModelPartition.Letter("-out", "unknown-page", 1, "line 1"),
                        new ModelPartition.Letter("-out", "unknown-page", 1, "line 2"));
        assertThat(counter("refused")).isEqualTo(2);
        assertThat(counter("sent")).isZero();
    }

    @Test
    void a_reply_that_an_earlier_holder_left_in_doubt_may_be_refused_and_is_not_lost() {
        var replies = replied(1);
        begin(replies.getFirst());
        sender = taken(StreamGroup.DISPATCH, "d:2");
        var entry = takeReplies().getFirst();

        twice(() -> store.settle(P, sender, List.of(refused(1, 1, 2)), List.of(new SealedEntry(entry.id(), replies))));

        assertThat(rig.letters(P)).hasSize(1);
        assertThat(counter("refused") + counter("sent")).isEqualTo(counter("out"));
    }

    @Test
    void a_reply_that_the_platform_showed_is_sent_even_if_its_holder_gave_up_on_it() {
        var reply = replied(1).getFirst();
        begin(reply);
        Ends.of(store.echoed(P, ids(reply)));

        twice(() -> store.settle(P, sender, List.of(refused(1, 1, 1)), List.of()));

        assertThat(row(reply).state()).isEqualTo(JournalRow.State.DONE);
        assertThat(counter("sent")).isEqualTo(1);
        assertThat(rig.letters(P)).isEmpty();
    }

    @Test
    void a_settlement_of_another_attempt_seals_nothing() {
        var reply = replied(1).getFirst();
        begin(attempt(1, 2));

        Ends.of(store.settle(P, sender, List.of(sent(1, 1), sent(1, 3), refused(1, 1, 1)), List.of()));

        assertThat(row(reply)).isEqualTo(sending(1, 2));
        assertThat(counter("sent") + counter("refused")).isZero();
    }

    @Test
    void a_stale_dispatcher_begins_and_settles_nothing() {
        var replies = replied(1);
        var entry = takeReplies().getFirst();
        begin(replies.getFirst());
        var gone = sender;
        sender = taken(StreamGroup.DISPATCH, "d:2");

        refused(() -> store.begin(P, gone, replies, true));
        refused(() -> store.take(P, StreamGroup.DISPATCH, gone, "0", 10, 100));
        refused(() -> store.settle(P, gone, List.of(sent(1, 1)), List.of(new SealedEntry(entry.id(), replies))));
        refused(() -> store.begin(P, fence, replies, false));
    }

    @Test
    void replies_are_taken_and_trimmed_like_events() {
        var first = replied(1, 2);
        var second = replied(3);
        var taken = takeReplies();
        assertThat(taken).extracting(Entry::count).containsExactly(2, 1);
        first.forEach(this::begin);
        Ends.of(store.settle(
                P,
                sender,
                List.of(sent(1, 1), sent(2, 1)),
                List.of(new SealedEntry(taken.getFirst().id(), first))));

        assertThat(Ends.of(store.trim(P, StreamGroup.Stream.REPLIES, List.of("d"))))
                .isEqualTo(1);

        assertThat(rig.replies(P)).containsExactly("reply 3");
        sender = taken(StreamGroup.DISPATCH, "d:2");
        assertThat(takeReplies()).extracting(Entry::redelivered).containsExactly(true);
        assertThat(begin(second.getFirst())).isEqualTo(JournalWord.SEND);
    }

    private List<Entry> takeReplies() {
        return take(StreamGroup.DISPATCH, sender, "0");
    }

    private JournalWord begin(ReplyAttempt attempt) {
        return Ends.of(store.begin(P, sender, List.of(attempt), false)).getFirst();
    }

    private JournalRow row(ReplyAttempt attempt) {
        return Ends.of(store.rows(P, ids(attempt))).getFirst();
    }

    private static JournalRow sending(long epoch, int attempt) {
        return new JournalRow(JournalRow.State.SENDING, epoch, attempt);
    }

    private static Sealed sent(int event, int attempt) {
        return new Sealed.Sent(attempt(event, attempt), 1);
    }

    private static Sealed refused(int event, int attempt, long epoch) {
        return new Sealed.Refused(attempt(event, attempt), epoch, "unknown-page", bytes("line " + event));
    }
}
