// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class BotTestkitTest {
    private static final Instant NOW = Instant.parse("2026-12-24T18:00:00Z");

    @Test
    void a_bot_is_given_what_a_person_wrote_and_says_what_it_would_send() throws Exception {
        var run = BotTestkit.of(new EchoBot(), InstantSource.fixed(NOW)).text("7001", "hello");

        assertThat(run.texts()).containsExactly("hello");
        assertThat(run.refusal()).isEmpty();
        assertThat(run.delivery().attempt()).isEqualTo(1);
        assertThat(run.delivery().replyBy()).isEqualTo(NOW.plus(Duration.ofHours(24)));
        assertThat(run.delivery().event().conversation()).endsWith(":7001");
    }

    @Test
    void two_texts_are_two_events_and_the_same_again_is_one() throws Exception {
        var kit = BotTestkit.of(new EchoBot());
        var first = kit.text("7001", "a");
        var second = kit.text("7001", "a");
        var again = kit.again(first);

        assertThat(second.delivery().event().key())
                .isNotEqualTo(first.delivery().event().key());
        assertThat(again.delivery().event().key())
                .isEqualTo(first.delivery().event().key());
        assertThat(again.delivery().attempt()).isEqualTo(2);
    }

    @Test
    void buttons_and_quick_replies_carry_their_payload() throws Exception {
        Bot bot = delivery -> switch (Content.of(delivery.event())) {
            case Content.Message message -> Verdict.accept(Reply.text("tapped " + message.quickReply()));
            case Content.Postback postback -> Verdict.accept(Reply.text("pressed " + postback.payload()));
            default -> new Verdict.Reject("what is that?");
        };
        var kit = BotTestkit.of(bot);

        assertThat(kit.quickReply("7001", "Yes", "YES").texts()).containsExactly("tapped YES");
        assertThat(kit.postback("7001", "Start", "START").texts()).containsExactly("pressed START");
    }

    @Test
    void what_a_worker_would_refuse_is_told() throws Exception {
        Bot verbose = delivery -> Verdict.accept(Reply.text("x".repeat(2_001)));

        assertThat(BotTestkit.of(verbose).text("7001", "hello").refusal())
                .hasValueSatisfying(reason -> assertThat(reason).contains("2001 characters"));
    }

    @Test
    void other_verdicts_say_nothing_and_what_is_thrown_is_thrown() throws Exception {
        var released = BotTestkit.of(delivery -> new Verdict.Release(Duration.ofSeconds(1), "busy"))
                .text("7001", "hello");
        assertThat(released.replies()).isEmpty();

        var throwing = BotTestkit.of(delivery -> {
            throw new TimeoutException("slow");
        });
        assertThatThrownBy(() -> throwing.text("7001", "hello")).isInstanceOf(TimeoutException.class);
    }

    @Test
    void a_real_body_is_run_event_by_event_and_nonsense_is_refused() throws Exception {
        var kit = BotTestkit.of(new EchoBot());
        var body = """
            {"object":"page","entry":[{"id":"1","time":1,"messaging":[
              {"sender":{"id":"7"},"recipient":{"id":"1"},"timestamp":1,"message":{"mid":"m1","text":"one"}},
              {"sender":{"id":"7"},"recipient":{"id":"1"},"timestamp":2,"message":{"mid":"m2","text":"two"}}]}]}\
            """;

        assertThat(kit.webhook(body.getBytes(StandardCharsets.UTF_8)))
                .flatExtracting(BotTestkit.Run::texts)
                .containsExactly("one", "two");
        assertThatThrownBy(() -> kit.webhook("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a webhook body");
    }
}
