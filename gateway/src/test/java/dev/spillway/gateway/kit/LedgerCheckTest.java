// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.kit.LedgerLine.Outcome;
import dev.spillway.gateway.kit.LedgerVerdict.Invariant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each invariant is shown to turn red by the defect it is there for, and to stay green beside it. */
final class LedgerCheckTest {
    private static final String PAGE = "100";
    private static final String USER = "7001";

    private final List<LedgerLine> lines = new ArrayList<>();

    @Test
    void a_run_in_which_everything_went_well_holds() {
        acked("a", 1);
        acked("b", 2);
        sent("a", 1);
        sent("b", 2);

        assertThat(verdict().holds()).isTrue();
        assertThat(verdict().describe()).startsWith("holds: 2 events, 2 acked, 2 sends");
        verdict().require();
    }

    @Test
    void a_run_in_which_nothing_happened_proves_nothing() {
        assertThat(verdict().holds()).isFalse();
        assertThat(verdict().describe()).startsWith("PROVES NOTHING");
        assertThatThrownBy(() -> verdict().require()).isInstanceOf(AssertionError.class);
    }

    @Test
    void an_acknowledged_event_without_a_reply_is_lost() {
        acked("a", 1);
        acked("b", 2);
        sent("a", 1);

        assertThat(verdict().of(Invariant.LOST)).hasSize(1).first().asString().startsWith("b of");
        assertThat(verdict().describe()).contains("BROKEN, 1 violations").contains("LOST: b of");
    }

    @Test
    void a_dead_letter_and_a_parked_reply_are_not_lost() {
        acked("a", 1);
        acked("b", 2);
        acked("c", 3);
        add(new LedgerLine.DeadLetter("a", "bot"));
        add(new LedgerLine.Parked("b"));
        sent("c", 3);

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void an_event_that_was_never_acknowledged_need_not_be_answered_but_may_be() {
        answered("a", 1, Outcome.UNKNOWN);
        answered("b", 2, Outcome.REFUSED);
        acked("c", 3);
        sent("a", 1);
        sent("c", 3);

        assertThat(verdict().violations()).isEmpty();
        assertThat(verdict().count("answers unknown")).isEqualTo(1);
        assertThat(verdict().count("answers refused")).isEqualTo(1);
    }

    @Test
    void an_event_whose_reply_has_two_rids_was_processed_twice() {
        acked("a", 1);
        send("3/key1/peter/0", 1);
        send("3/key2/peter/0", 1);

        assertThat(verdict().of(Invariant.TWICE_PROCESSED)).hasSize(1);
        assertThat(verdict().of(Invariant.TWICE_SENT)).isEmpty();
    }

    @Test
    void an_event_may_have_several_replies_and_several_subscriptions() {
        acked("a", 1);
        send("3/key1/peter/0", 1);
        send("3/key1/peter/1", 1);
        send("3/key1/shop/0", 1);

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void a_reply_that_left_twice_without_doubt_is_a_double_send() {
        acked("a", 1);
        sent("a", 1);
        sent("a", 1);

        assertThat(verdict().of(Invariant.TWICE_SENT)).hasSize(1);
    }

    @Test
    void a_reply_in_doubt_may_leave_twice() {
        acked("a", 1);
        sent("a", 1);
        sent("a", 1);
        add(new LedgerLine.InDoubt(rid("a")));

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void one_rid_for_two_events_is_a_double_send_even_in_doubt() {
        acked("a", 1);
        acked("b", 2);
        send("3/key/peter/0", 1);
        send("3/key/peter/0", 2);
        add(new LedgerLine.InDoubt("3/key/peter/0"));

        assertThat(verdict().of(Invariant.TWICE_SENT)).hasSize(1);
    }

    @Test
    void a_first_send_below_an_earlier_one_is_out_of_order() {
        acked("a", 1);
        acked("b", 2);
        sent("b", 2);
        sent("a", 1);

        assertThat(verdict().of(Invariant.OUT_OF_ORDER))
                .hasSize(1)
                .first()
                .asString()
                .contains("came after seq 2");
    }

    @Test
    void a_second_send_in_doubt_breaks_no_order() {
        acked("a", 1);
        acked("b", 2);
        sent("a", 1);
        sent("b", 2);
        sent("a", 1);
        add(new LedgerLine.InDoubt(rid("a")));

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void an_acknowledged_event_below_an_answered_one_is_a_gap() {
        acked("a", 1);
        acked("b", 2);
        sent("b", 2);

        assertThat(verdict().of(Invariant.OUT_OF_ORDER))
                .hasSize(1)
                .first()
                .asString()
                .endsWith("was skipped");
    }

    @Test
    void conversations_have_no_order_between_them() {
        add(new LedgerLine.Event("a", PAGE, "1", 1, "h", 0));
        add(new LedgerLine.Event("b", PAGE, "2", 1, "h", 0));
        add(new LedgerLine.Answer("a", Outcome.ACKED, 0));
        add(new LedgerLine.Answer("b", Outcome.ACKED, 0));
        add(new LedgerLine.Send("b", PAGE, "2", 1, true, 0));
        add(new LedgerLine.Send("a", PAGE, "1", 1, false, 0));

        assertThat(verdict().violations()).isEmpty();
        assertThat(verdict().count("sends cut")).isEqualTo(1);
    }

    @Test
    void a_repaired_event_may_come_late_and_under_two_rids_but_not_be_lost() {
        acked("a", 1);
        acked("b", 2);
        acked("c", 3);
        add(new LedgerLine.Repaired("a"));
        add(new LedgerLine.Repaired("c"));
        sent("b", 2);
        send("3/key1/peter/0", 1);
        send("3/key2/peter/0", 1);

        assertThat(verdict().violations())
                .extracting(LedgerVerdict.Violation::invariant)
                .containsExactly(Invariant.LOST);
    }

    @Test
    void a_reply_to_what_nobody_sent_is_a_ghost() {
        acked("a", 1);
        sent("a", 1);
        send("3/forged/peter/0", 9);

        assertThat(verdict().of(Invariant.GHOST)).hasSize(1);
    }

    @Test
    void a_simulator_that_contradicts_itself_is_told_so() {
        acked("a", 1);
        add(new LedgerLine.Event("b", PAGE, USER, 1, "h", 0));
        assertThatThrownBy(this::verdict).hasMessageContaining("two events at one place");
        lines.clear();

        add(new LedgerLine.Answer("a", Outcome.ACKED, 0));
        assertThatThrownBy(this::verdict).hasMessageContaining("never written as sent");
    }

    private void acked(String id, long seq) {
        answered(id, seq, Outcome.ACKED);
    }

    private void answered(String id, long seq, Outcome outcome) {
        add(new LedgerLine.Event(id, PAGE, USER, seq, "hash", 1));
        add(new LedgerLine.Answer(id, outcome, 2));
    }

    private void sent(String id, long seq) {
        send(rid(id), seq);
    }

    private void send(String rid, long seq) {
        add(new LedgerLine.Send(rid, PAGE, USER, seq, true, 3));
    }

    private static String rid(String id) {
        return "3/" + id + "/peter/0";
    }

    private void add(LedgerLine line) {
        lines.add(line);
    }

    private LedgerVerdict verdict() {
        return LedgerCheck.verdictOn(lines);
    }
}
