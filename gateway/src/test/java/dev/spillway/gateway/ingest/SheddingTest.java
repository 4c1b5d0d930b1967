// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Notifications;
import dev.spillway.gateway.messenger.RawJson;
import dev.spillway.gateway.stream.EventLog;
import dev.spillway.gateway.stream.ReplyId;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SheddingTest {
    private static final String HOT = "100";
    private static final String COLD = "200";

    private final PageShares shares = new PageShares();
    private double full;
    private double elsewhere;
    private final Shedding shedding = new Shedding(new FullLog(), shares);

    private final class FullLog implements EventLog {
        @Override
        public Future<Void> append(List<Event> events) {
            throw new AssertionError("shedding appends nothing");
        }

        @Override
        public Future<Void> echoed(List<ReplyId> replies) {
            throw new AssertionError("shedding marks nothing");
        }

        @Override
        public double fullness(String conversation) {
            return conversation.startsWith("elsewhere") ? elsewhere : full;
        }

        @Override
        public double fullness() {
            return Math.max(full, elsewhere);
        }

        @Override
        public Future<Void> quarantine(String app, String reason, RawJson body) {
            throw new AssertionError("shedding keeps nothing");
        }
    }

    private static List<Event> events(String page, String... items) {
        var body = "{\"object\":\"page\",\"entry\":[{\"id\":\"%s\",\"time\":1,\"messaging\":[%s]}]}"
                .formatted(page, String.join(",", items));
        return switch (new Notifications().read("demo", body.getBytes(StandardCharsets.UTF_8), 1)) {
            case Notifications.Reading.Events(var read) -> read;
            case Notifications.Reading.Unreadable(var reason) -> throw new AssertionError(reason);
        };
    }

    private static List<Event> events(String page, String what) {
        return events(page, new String[] {item(page, what)});
    }

    private static String item(String page, String what) {
        var content =
                switch (what) {
                    case "message" -> "\"message\":{\"mid\":\"m\",\"text\":\"t\"}";
                    case "postback" -> "\"postback\":{\"title\":\"t\",\"payload\":\"p\"}";
                    case "delivery" -> "\"delivery\":{\"mids\":[\"m\"],\"watermark\":1}";
                    case "read" -> "\"read\":{\"watermark\":1}";
                    case "echo" -> "\"message\":{\"mid\":\"m\",\"is_echo\":true,\"text\":\"t\"}";
                    default -> throw new AssertionError(what);
                };
        return "{\"sender\":{\"id\":\"7\"},\"recipient\":{\"id\":\"%s\"},\"timestamp\":1,%s}".formatted(page, content);
    }

    @BeforeEach
    void ten_pages_of_which_one_has_most() {
        for (var page = 200; page < 210; page++) {
            for (var i = 0; i < 4; i++) {
                shares.add(Integer.toString(page));
            }
        }
        for (var i = 0; i < 60; i++) {
            shares.add(HOT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // fullness, what, of the hot page, of a cold page
        "0.49, delivery, , ",
        "0.49, message,  , ",
        "0.50, delivery, SHED_RECEIPTS, SHED_RECEIPTS",
        "0.50, read,     SHED_RECEIPTS, SHED_RECEIPTS",
        "0.50, echo,     SHED_RECEIPTS, SHED_RECEIPTS",
        "0.50, message,  SHED_HOT_PAGE, ",
        "0.50, postback, SHED_HOT_PAGE, ",
        "0.99, message,  SHED_HOT_PAGE, ",
        "0.99, delivery, SHED_RECEIPTS, SHED_RECEIPTS",
        "1.00, message,  STORE_FULL,    STORE_FULL",
        "1.00, delivery, STORE_FULL,    STORE_FULL",
    })
    void the_least_important_goes_first_and_all_goes_in_the_end(double fullness, String what, Answer hot, Answer cold) {
        full = fullness;

        assertThat(shedding.refusal(events(HOT, what), false)).isEqualTo(hot);
        assertThat(shedding.refusal(events(COLD, what), false)).isEqualTo(cold);
    }

    @Test
    void a_notification_counts_as_its_most_important_event() {
        full = 0.6;

        assertThat(shedding.refusal(events(COLD, item(COLD, "read"), item(COLD, "message")), false))
                .isNull();
        assertThat(shedding.refusal(events(COLD, item(COLD, "read"), item(COLD, "delivery")), false))
                .isEqualTo(Answer.SHED_RECEIPTS);
    }

    @Test
    void what_settles_a_reply_of_ours_is_never_shed_as_long_as_there_is_room() {
        full = 0.99;
        assertThat(shedding.refusal(events(HOT, "echo"), true)).isNull();

        full = 1;
        assertThat(shedding.refusal(events(HOT, "echo"), true)).isEqualTo(Answer.STORE_FULL);
    }

    @Test
    void a_full_partition_is_no_reason_to_refuse_what_goes_to_another() {
        elsewhere = 1;

        assertThat(shedding.refusal(events(HOT, "read"), false)).isNull();
    }

    @Test
    void a_page_that_is_alone_is_not_hot() {
        var alone = new Shedding(new FullLog(), new PageShares());
        full = 0.99;

        for (var i = 0; i < 100; i++) {
            assertThat(alone.refusal(events(HOT, "message"), false)).isNull();
        }
    }
}
