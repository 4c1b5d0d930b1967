// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.messenger.RawJson;
import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.stream.ReplyRecord;
import dev.spillway.gateway.stream.Subscription;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a bot is asked, and what of its answers is let through. */
final class EventFilterTest {
    private static final Event.Mark FOR_SHOP = new Event.Mark(Event.Mark.Source.REDRIVEN, "shop");

    private static Event event(Kind kind, String user, boolean standby, Event.Mark mark) {
        return WorkSamples.event(1, kind, user, standby, mark);
    }

    @Test
    void pages_kinds_and_standby_are_all_asked() {
        var message = event(Kind.MESSAGE, "7001", false, Event.Mark.NONE);
        assertThat(new EventFilter(Set.of(), Set.of("message")).wants(message, "peter"))
                .isTrue();
        assertThat(new EventFilter(Set.of("100"), Set.of("message")).wants(message, "peter"))
                .isTrue();
        assertThat(new EventFilter(Set.of("101"), Set.of("message")).wants(message, "peter"))
                .isFalse();
        assertThat(new EventFilter(Set.of(), Set.of("postback")).wants(message, "peter"))
                .isFalse();
        assertThat(new EventFilter(Set.of(), Set.of()).wants(message, "peter")).isFalse();

        var standby = event(Kind.MESSAGE, "7001", true, Event.Mark.NONE);
        assertThat(new EventFilter(Set.of(), Set.of("message")).wants(standby, "peter"))
                .isFalse();
        assertThat(new EventFilter(Set.of(), Set.of("message", "standby")).wants(standby, "peter"))
                .isTrue();
    }

    @Test
    void an_event_for_one_bot_is_for_no_other() {
        var redriven = event(Kind.MESSAGE, "7001", false, FOR_SHOP);
        var all = new EventFilter(Set.of(), Set.of("message"));

        assertThat(all.wants(redriven, "shop")).isTrue();
        assertThat(all.wants(redriven, "peter")).isFalse();
    }

    @Test
    void a_reply_that_may_not_be_sent_is_refused_with_a_reason() {
        var reply = List.of(Reply.text("hello"));
        assertThat(Replies.refusal(event(Kind.MESSAGE, "7001", false, Event.Mark.NONE), reply))
                .isEmpty();
        assertThat(Replies.refusal(event(Kind.ECHO, "7001", true, Event.Mark.NONE), List.of()))
                .isEmpty();
        assertThat(Replies.refusal(event(Kind.MESSAGE, "7001", true, Event.Mark.NONE), reply))
                .hasValueSatisfying(reason -> assertThat(reason).contains("standby"));
        assertThat(Replies.refusal(event(Kind.ECHO, "7001", false, Event.Mark.NONE), reply))
                .hasValueSatisfying(reason -> assertThat(reason).contains("echo"));
        assertThat(Replies.refusal(WorkSamples.event(1, Kind.FEED, null, false, Event.Mark.NONE), reply))
                .hasValueSatisfying(reason -> assertThat(reason).contains("nobody"));
        var message = event(Kind.MESSAGE, "7001", false, Event.Mark.NONE);
        assertThat(Replies.refusal(message, Collections.nCopies(1000, reply.getFirst())))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("replies: 1000 (expected: 0.."));
        assertThat(Replies.refusal(message, List.of(reply.getFirst(), Reply.text("x".repeat(100_000)))))
                .isPresent();
    }

    @Test
    void the_lines_of_replies_are_the_same_on_every_run_and_carry_their_own_ids() {
        var replies = List.of(Reply.text("a"), new Reply.Message(RawJson.of("{\"text\":\"b\",\"metadata\":\"mine\"}")));
        var event = WorkSamples.event(9);
        var lines = Replies.lines(5, new Subscription("peter", 2), event, "7001", replies, 500_000);
        var again = Replies.lines(5, new Subscription("peter", 2), event, "7001", replies, 500_000);

        assertThat(lines).hasSize(2);
        for (var i = 0; i < 2; i++) {
            assertThat(lines.get(i)).isEqualTo(again.get(i));
        }
        var second = requireNonNull(ReplyRecord.read(lines.get(1), 0, lines.get(1).length));
        assertThat(second.id()).hasToString("5/" + new EventKey(0, 9).hex() + "/peter.2/1");
        assertThat(second.message().text()).contains("spillway:" + second.id() + "\\u000amine");
        assertThat(second.expiresAtMillis()).isEqualTo(event.occurredAtMillis() + 24 * 3_600_000L);
    }

    @Test
    void the_last_keys_are_known_and_older_ones_forgotten() {
        var recent = new RecentKeys(3);
        for (var number : new int[] {1, 2, 1, 3, 4}) {
            recent.add(new EventKey(0, number));
        }

        assertThat(recent.contains(new EventKey(0, 1))).isFalse();
        assertThat(List.of(2, 3, 4)).allMatch(number -> recent.contains(new EventKey(0, number)));
    }
}
