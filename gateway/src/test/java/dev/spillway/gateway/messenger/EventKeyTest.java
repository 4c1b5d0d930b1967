// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static dev.spillway.gateway.messenger.Samples.event;
import static dev.spillway.gateway.messenger.Samples.item;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes two copies one event, and what does not. */
class EventKeyTest {
    @ParameterizedTest
    @MethodSource("bodies")
    void a_second_copy_has_the_same_key_and_bucket(String body) {
        assertThat(event(body)).isEqualTo(event(body));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void the_time_of_the_notification_is_no_part_of_the_key(String body) {
        var later = body.replaceFirst("\"time\":1760", "\"time\":1761");

        assertThat(event(later).key()).isEqualTo(event(body).key());
    }

    @Test
    void all_samples_have_keys_of_their_own() {
        assertThat(Samples.bodies().stream().map(body -> event(body).key())).doesNotHaveDuplicates();
    }

    @Test
    void the_key_of_a_message_is_pinned_for_records_outlive_releases() {
        assertThat(item("{\"sender\":{\"id\":\"7001\"},\"message\":{\"mid\":\"m_1\"}}")
                        .key()
                        .hex())
                .isEqualTo("43bbe51e43dfa577e9588c2064cb73b2");
    }

    @Test
    void one_mid_is_many_events() {
        var keys = Stream.of(
                        "{\"message\":{\"mid\":\"m\"}}",
                        "{\"message\":{\"mid\":\"m\",\"is_echo\":true}}",
                        "{\"message\":{\"mid\":\"m\",\"is_deleted\":true}}",
                        "{\"message\":{\"mid\":\"m\",\"is_unsupported\":true}}",
                        "{\"message_edit\":{\"mid\":\"m\",\"num_edit\":1}}",
                        "{\"message_edit\":{\"mid\":\"m\",\"num_edit\":2}}",
                        "{\"timestamp\":1760000000000,\"reaction\":{\"mid\":\"m\",\"action\":\"react\"}}",
                        "{\"timestamp\":1760000000001,\"reaction\":{\"mid\":\"m\",\"action\":\"react\"}}",
                        "{\"timestamp\":1760000000000,\"reaction\":{\"mid\":\"m\",\"action\":\"unreact\"}}",
                        "{\"read\":{\"mid\":\"m\"}}",
                        "{\"postback\":{\"mid\":\"m\"}}",
                        "{\"response_feedback\":{\"mid\":\"m\"}}")
                .map(item -> item(item).key());

        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    void list_page_app_and_object_are_part_of_the_key() {
        var body = Samples.messaging("{\"message\":{\"mid\":\"m\"}}");
        var key = event(body).key();

        assertThat(event(body.replace("\"messaging\"", "\"standby\"")).key()).isNotEqualTo(key);
        assertThat(event(body.replace(Samples.PAGE, "1")).key()).isNotEqualTo(key);
        assertThat(event(body.replace("\"page\"", "\"instagram\"")).key()).isNotEqualTo(key);
        var other = new Notifications().read("other", body.getBytes(UTF_8), 0);
        assertThat(((Notifications.Reading.Events) other).events().get(0).key()).isNotEqualTo(key);
    }

    @Test
    void how_an_id_is_written_does_not_matter() {
        assertThat(item("{\"message_edit\":{\"mid\":\"m\\/1\",\"num_edit\":\"37\"}}")
                        .key())
                .isEqualTo(item("{ \"message_edit\" : {\"num_edit\":37,\"text\":\"x\",\"mid\":\"m/1\"}}")
                        .key());
        assertThat(item("{\"delivery\":{\"mids\":[\"a\",\"b\"],\"watermark\":5}}")
                        .key())
                .isEqualTo(item("{\"delivery\":{\"watermark\":\"5\",\"mids\":[\"b\",\"a\"]}}")
                        .key());
    }

    @Test
    void neighbouring_parts_do_not_run_together() {
        assertThat(item("{\"delivery\":{\"mids\":[\"ab\",\"c\"],\"watermark\":5}}")
                        .key())
                .isNotEqualTo(item("{\"delivery\":{\"mids\":[\"a\",\"bc\"],\"watermark\":5}}")
                        .key());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"account_linking":{"status":"linked"}}  | {"account_linking":{"status":"unlinked"}}
        {"message":{"text":"a"}}                 | {"message":{"text":"b"}}
        {"postback":{"payload":"a"}}             | {"postback":{"payload":"b"}}
        {"referral":{"ref":"a"}}                 | {"referral":{"ref":"b"}}
        {"optin":{"ref":"a"}}                    | {"optin":{"ref":"b"}}
        {"delivery":{}}                          | {"delivery":{"seq":1}}
        {"new_thing":1}                          | {"new_thing":2}
        {"sender":{"id":"1"},"read":{"watermark":5}} | {"sender":{"id":"2"},"read":{"watermark":5}}
        """)
    void what_has_no_id_of_its_own_is_told_apart_by_its_bytes_or_person(String one, String other) {
        assertThat(item(one).key())
                .isNotEqualTo(item(other).key())
                .isEqualTo(item(one).key());
    }

    @Test
    void stopping_resuming_and_stopping_again_are_three_events() {
        var stop =
                "{\"timestamp\":1760000000000,\"optin\":{\"type\":\"notification_messages\",\"notification_messages_token\":\"T\",\"notification_messages_status\":\"STOP"
                    + " NOTIFICATIONS\"}}";

        assertThat(List.of(
                        item(stop).key(),
                        item(stop.replace("STOP", "RESUME").replace("000000", "000001"))
                                .key(),
                        item(stop.replace("000000", "000002")).key()))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_status_is_an_event_for_each_step_and_person() {
        var body = Samples.lines("bodies.txt", 6).stream()
                .map(line -> line[5])
                .filter(line -> line.contains("wamid.BBB"))
                .findFirst()
                .orElseThrow();

        assertThat(Stream.of(body, body.replace("\"delivered\"", "\"read\""), body.replace("US.1349", "US.1350"))
                        .map(one -> event(one).key()))
                .doesNotHaveDuplicates();
    }

    @Test
    void two_edits_of_a_comment_are_two_events_and_two_hints_too() {
        var comment = Samples.lines("bodies.txt", 6).stream()
                .map(line -> line[5])
                .filter(line -> line.contains("901_902"))
                .findFirst()
                .orElseThrow();
        var edited = comment.replace("\"add\"", "\"edited\"");
        var hint =
                "{\"object\":\"page\",\"entry\":[{\"id\":\"1\",\"time\":1449589360,\"changes\":[{\"field\":\"parking\"}]}]}";

        assertThat(event(comment.replace("price?", "cost?")).key())
                .isEqualTo(event(comment).key());
        assertThat(event(edited.replace("price?", "cost?")).key())
                .isNotEqualTo(event(edited).key());
        assertThat(event(hint.replace("9360", "9369")).key())
                .isNotEqualTo(event(hint).key());
    }

    @Test
    void a_key_is_32_hex_digits_and_16_bytes() {
        var key = item("{\"message\":{\"mid\":\"m\"}}").key();

        assertThat(EventKey.ofHex(key.hex())).isEqualTo(key);
        assertThat(EventKey.of(key.bytes())).isEqualTo(key);
        assertThat(key.hex()).matches("[0-9a-f]{32}");
    }

    static List<String> bodies() {
        return Samples.bodies();
    }
}
