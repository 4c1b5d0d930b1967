// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static dev.spillway.gateway.messenger.Samples.PAGE;
import static dev.spillway.gateway.messenger.Samples.event;
import static dev.spillway.gateway.messenger.Samples.events;
import static dev.spillway.gateway.messenger.Samples.item;
import static dev.spillway.gateway.messenger.Samples.reading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.messenger.Notifications.Limits;
import dev.spillway.gateway.messenger.Notifications.Reading;
import dev.spillway.gateway.messenger.Notifications.Reason;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationsTest {
    @TestFactory
    List<DynamicTest> every_item_of_the_reference_has_its_kind_and_person() {
        return Samples.lines("items.txt", 3).stream()
                .map(line -> DynamicTest.dynamicTest(line[0] + " " + line[2], () -> {
                    var event = item(line[2]);

                    assertThat(event.kind().wire()).isEqualTo(line[0]);
                    assertThat(event.user()).isEqualTo(line[1].equals("-") ? null : line[1]);
                    assertThat(event.conversation()).isEqualTo(line[1].equals("-") ? PAGE : PAGE + ":" + line[1]);
                    assertThat(event.page()).isEqualTo(PAGE);
                    assertThat(event.app()).isEqualTo("demo");
                    assertThat(event.channel()).isEqualTo(Channel.MESSENGER);
                    assertThat(event.standby()).isFalse();
                    assertThat(event.context()).isNull();
                    assertThat(event.raw().text()).isEqualTo(line[2]);
                    assertThat(event.receivedAtMillis()).isEqualTo(Samples.RECEIVED_AT);
                    assertThat(event.mark()).isEqualTo(Event.Mark.NONE);
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> every_body_of_the_reference_has_its_place() {
        return Samples.lines("bodies.txt", 6).stream()
                .map(line -> DynamicTest.dynamicTest(line[0] + " " + line[5], () -> {
                    var event = event(line[5]);

                    assertThat(event.kind().wire()).isEqualTo(line[0]);
                    assertThat(event.page()).isEqualTo(line[1]);
                    assertThat(event.user()).isEqualTo(line[2].equals("-") ? null : line[2]);
                    assertThat(event.conversation()).isEqualTo(line[3]);
                    assertThat(event.bucket().wire()).isEqualTo(line[4]);
                    assertThat(event.standby()).isEqualTo(line[5].contains("standby"));
                }))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"read":{"watermark":1},"postback":{"payload":"P"}}                     | READ
        {"postback":{"payload":"P"},"message":{"mid":"m"}}                      | MESSAGE
        {"referral":{"ref":"r"},"lead":{}}                                      | REFERRAL
        {"message":{"is_deleted":true,"is_echo":true,"mid":"m"}}                | ECHO
        {"message":{"is_unsupported":true,"is_deleted":true,"mid":"m"}}         | UNSEND
        {"message":{"is_echo":false,"mid":"m"}}                                 | MESSAGE
        {"message":null,"optin":{"ref":"r"}}                                    | OPTIN
        {"message":"TEST_MESSAGE"}                                              | MESSAGE
        {"mess\\u0061ge":{"mid":"m"}}                                           | MESSAGE
        {"policy-enforcement":{"action":"block"}}                               | POLICY_ENFORCEMENT
        {"template":{"type":"coupon"}}                                          | COUPON
        {"template":{"type":"other"}}                                           | UNRECOGNISED
        {"message_request":"accept"}                                            | MESSAGE_REQUEST
        {"payment":{"amount":1}}                                                | UNRECOGNISED
        {"something_of_2030":{"mid":"m"}}                                       | UNRECOGNISED
        {}                                                                      | UNRECOGNISED
        "text"                                                                  | UNRECOGNISED
        """)
    void the_first_kind_of_the_table_wins(String item, Kind kind) {
        assertThat(item(item).kind()).isEqualTo(kind);
        assertThat(item(item).raw().text()).isEqualTo(item);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1760000001001        | 1760000001001
        1760000018           | 1760000018000
        "1527459824"         | 1527459824000
        "1760000001001"      | 1760000001001
        99999999999          | 4102444800000
        100000000000         | 100000000000
        1.760000001001e12    | 1760000001001
        -5                   | 0
        99999999999999999999 | 4102444800000
        1e400                | 4102444800000
        """)
    void a_timestamp_may_be_seconds_milliseconds_or_a_string(String timestamp, long millis) {
        var event = item("{\"timestamp\":" + timestamp + ",\"message\":{\"mid\":\"m\"}}");

        assertThat(event.occurredAtMillis()).isEqualTo(millis);
        assertThat(event.bucket()).isEqualTo(new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, millis / 3_600_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"soon\"", "null", "{}", "\"\"", "[1]", "\"NaN\""})
    void without_a_time_of_its_own_an_event_lies_in_the_day_of_its_notification(String timestamp) {
        var event = item("{\"timestamp\":" + timestamp + ",\"message\":{\"mid\":\"m\"}}");

        assertThat(event.occurredAtMillis()).isEqualTo(1_760_000_000_123L);
        assertThat(event.bucket().wire()).isEqualTo("md20370");
    }

    @Test
    void without_any_time_an_event_lies_in_day_0_and_happened_at_receipt() {
        var event =
                event("{\"object\":\"page\",\"entry\":[{\"id\":\"1\",\"messaging\":[{\"message\":{\"mid\":\"m\"}}]}]}");

        assertThat(event.occurredAtMillis()).isEqualTo(Samples.RECEIVED_AT);
        assertThat(event.bucket().wire()).isEqualTo("md0");
    }

    @Test
    void the_order_of_fields_does_not_matter() {
        var usual = event("""
            {"object":"instagram","entry":[{"id":"9","time":1760000000,"changes":[{"field":"comments","value":{"id":"1"}}]}]}\
            """);
        var turned = event("""
            {"entry":[{"changes":[{"field":"comments","value":{"id":"1"}}],"time":1760000000,"id":"9"}],"object":"instagram"}\
            """);

        assertThat(turned).isEqualTo(usual);
    }

    @Test
    void a_person_on_the_side_of_the_page_is_found_whichever_way_it_is_written() {
        assertThat(item(people("7001", PAGE, "\"message\":{\"mid\":\"m\"}")).user())
                .isEqualTo("7001");
        assertThat(item(people(PAGE, "7001", "\"message\":{\"mid\":\"m\",\"is_echo\":true}"))
                        .user())
                .isEqualTo("7001");
        assertThat(item(people(PAGE, "7001", "\"pass_thread_control\":{}")).user())
                .isEqualTo("7001");
        assertThat(item("{\"sender\":{\"user_ref\":\"R\"},\"message\":{\"mid\":\"m\"}}")
                        .user())
                .isEqualTo("user_ref:R");
        assertThat(item("{\"sender\":{\"id\":7001,\"user_ref\":\"R\"},\"message\":{\"mid\":\"m\"}}")
                        .user())
                .isEqualTo("7001");
        assertThat(item("{\"sender\":null,\"recipient\":\"x\",\"message\":{\"mid\":\"m\"}}")
                        .user())
                .isNull();
    }

    @Test
    void one_body_may_hold_many_batches_lists_and_items() {
        var events = events("""
            {"object":"page","entry":[
              {"id":"1","time":1760000000000,
               "standby":[{"sender":{"id":"a"},"message":{"mid":"m1"}},{"sender":{"id":"b"},"read":{"watermark":5}}],
               "messaging":[{"sender":{"id":"c"},"message":{"mid":"m2"}}],
               "changes":[{"field":"feed","value":{"item":"post","verb":"add","post_id":"1_2","created_time":1760000000}}]},
              {"id":2,"messaging":{"sender":{"id":"d"},"message":{"mid":"m3"}},"standby":null}]}\
            """);

        assertThat(events).extracting(Event::conversation).containsExactly("1:a", "1:b", "1:c", "1:1_2", "2:d");
        assertThat(events).extracting(Event::standby).containsExactly(true, true, false, false, false);
        assertThat(events.get(2).raw().text()).isEqualTo("{\"sender\":{\"id\":\"c\"},\"message\":{\"mid\":\"m2\"}}");
    }

    @Test
    void dashboard_tests_are_events_and_each_has_a_key_of_its_own() {
        var item = """
            {"sender":{"id":"12334"},"recipient":{"id":"23245"},"timestamp":"1527459824","message":{"mid":"random_mid","text":"x"}}\
            """;
        var envelope = "{\"object\":\"page\",\"entry\":[{\"id\":\"0\",\"time\":1,\"messaging\":[" + item + "]}]}";
        var number = "{\"object\":\"page\",\"entry\":[{\"id\":0,\"time\":1,\"messaging\":[" + item + "]}]}";
        var changes =
                "{\"object\":\"instagram\",\"entry\":[{\"id\":\"0\",\"changes\":[{\"field\":\"messages\",\"value\":"
                        + item + "}]}]}";
        var bare = "{\"field\":\"messages\",\"value\":" + item + "}";

        for (var body : List.of(envelope, number, changes, bare)) {
            var event = event(body);

            assertThat(event.kind()).isEqualTo(Kind.MESSAGE);
            assertThat(event.user()).isEqualTo("12334");
            assertThat(event.page()).isEqualTo(body.equals(bare) ? "23245" : "0");
            assertThat(event.raw().text()).isEqualTo(item);
            var again = new Notifications().read("demo", body.getBytes(StandardCharsets.UTF_8), 1);
            assertThat(((Reading.Events) again).events().get(0).key()).isNotEqualTo(event.key());
        }
        var local = event("{\"object\":\"page\",\"entry\":[{\"messaging\":[{\"message\":\"TEST_MESSAGE\"}]}]}");
        assertThat(local.kind()).isEqualTo(Kind.MESSAGE);
        assertThat(local.page()).isEqualTo("0");
        assertThat(local.user()).isNull();
    }

    @Test
    void an_instagram_comment_may_stand_in_the_entry_itself() {
        var inEntry = event("""
            {"object":"instagram","entry":[{"id":"9","time":1760000000,"field":"comments","value":{"id":"1","text":"t"}}]}\
            """);
        var inChanges = event("""
            {"object":"instagram","entry":[{"id":"9","time":1760000000,"changes":[{"field":"comments","value":{"id":"1","text":"t"}}]}]}\
            """);

        assertThat(inEntry).isEqualTo(inChanges);
        assertThat(inEntry.raw().text()).isEqualTo("{\"field\":\"comments\",\"value\":{\"id\":\"1\",\"text\":\"t\"}}");
    }

    @Test
    void every_element_of_a_whatsapp_value_is_an_event_with_the_rest_as_its_context() {
        var events = events("""
            {"object":"whatsapp_business_account","entry":[{"id":"1020","changes":[{"value":{
              "contacts":[{"wa_id":"1","user_id":"US.1"},{"wa_id":"2"}],
              "messages":[{"from":"1","id":"w1","timestamp":"1760000050","type":"text","text":{"body":"a"}},
                          {"from":"2","id":"w2","timestamp":"1760000051","type":"reaction","reaction":{"emoji":"x"}}],
              "errors":[{"code":1}],
              "statuses":[{"id":"w3","status":"read","timestamp":"1760000052","recipient_id":"3"}],
              "metadata":{"phone_number_id":"1065"}, "messaging_product":"whatsapp"},"field":"messages"}]}]}\
            """);

        assertThat(events).extracting(Event::conversation).containsExactly("1065:US.1", "1065:2", "1065:3");
        assertThat(events).extracting(Event::kind).containsExactly(Kind.MESSAGE, Kind.REACTION, Kind.STATUS);
        assertThat(events).extracting(event -> event.bucket().wire()).containsOnly("wh488888");
        assertThat(events.get(2).raw().text())
                .isEqualTo("{\"id\":\"w3\",\"status\":\"read\",\"timestamp\":\"1760000052\",\"recipient_id\":\"3\"}");
        assertThat(events)
                .extracting(
                        event -> event.context() == null ? "" : event.context().text())
                .containsOnly("""
                    {"contacts":[{"wa_id":"1","user_id":"US.1"},{"wa_id":"2"}],"metadata":{"phone_number_id":"1065"},\
                    "messaging_product":"whatsapp","errors":[{"code":1}]}\
                    """);
    }

    @Test
    void whatsapp_errors_alone_are_events_of_the_number() {
        var event = event("""
            {"object":"whatsapp_business_account","entry":[{"id":"1020","changes":[{"field":"messages","value":{
            "messaging_product":"whatsapp","metadata":{"phone_number_id":"1065"},"errors":[{"code":130429}]}}]}]}\
            """);

        assertThat(event.kind()).isEqualTo(Kind.UNRECOGNISED);
        assertThat(event.conversation()).isEqualTo("1065");
        assertThat(event.raw().text()).isEqualTo("{\"code\":130429}");
        assertThat(event.bucket().wire()).isEqualTo("wd0");
    }

    @Test
    void a_whatsapp_account_change_belongs_to_the_account() {
        var event = event("""
            {"object":"whatsapp_business_account","entry":[{"id":"1020","time":1760000000,"changes":[{"field":"account_update","value":{"event":"X"}}]}]}\
            """);

        assertThat(event.kind()).isEqualTo(Kind.CHANGE);
        assertThat(event.conversation()).isEqualTo("1020");
        assertThat(event.bucket().wire()).isEqualTo("wd20370");
    }

    @ParameterizedTest
    @CsvSource({
        "text, MESSAGE", "image, MESSAGE", "interactive, MESSAGE", "button, MESSAGE", "contacts, MESSAGE",
        "reaction, REACTION", "order, ORDER", "system, SYSTEM", "unsupported, UNSUPPORTED", "unknown, UNSUPPORTED",
        "edit, EDIT", "revoke, UNSEND", "hologram, UNRECOGNISED"
    })
    void a_whatsapp_message_has_the_kind_of_its_type(String type, Kind kind) {
        var body =
                "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"changes\":[{\"value\":{\"messages\":[{\"id\":\"w\","
                    + "\"type\":\"" + type + "\"}]}}]}]}";

        assertThat(event(body).kind()).isEqualTo(kind);
    }

    @Test
    void an_object_that_we_do_not_know_is_kept_as_it_came() {
        var permission = event("""
            {"object":"permissions","entry":[{"id":"5","time":1760000000,"changes":[{"field":"connected","value":{"verb":"granted"}}]}]}\
            """);
        var user = event("""
            {"object":"user","entry":[{"uid":"5","id":"5","time":1760000000,"changed_fields":["photos"]}]}\
            """);
        var strange = event(
                "{\"object\":\"tomorrow\",\"entry\":[{\"id\":\"5\",\"messaging\":[{\"message\":{\"mid\":\"m\"}}]}]}");
        var other = event("{\"object\":\"tomorrow\",\"entry\":[{\"id\":\"5\",\"holograms\":[1,2]}]}");

        assertThat(permission.kind()).isEqualTo(Kind.CHANGE);
        assertThat(permission.channel()).isEqualTo(Channel.MESSENGER);
        assertThat(permission.raw().text()).isEqualTo("{\"field\":\"connected\",\"value\":{\"verb\":\"granted\"}}");
        assertThat(user.kind()).isEqualTo(Kind.CHANGE);
        assertThat(user.conversation()).isEqualTo("5");
        assertThat(strange.kind()).isEqualTo(Kind.UNRECOGNISED);
        assertThat(other.kind()).isEqualTo(Kind.UNRECOGNISED);
        assertThat(other.raw().text()).isEqualTo("{\"id\":\"5\",\"holograms\":[1,2]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                                  | NOT_JSON
        {                                   | NOT_JSON
        {"object":"page","entry":[]} x      | NOT_JSON
        {"object":'page'}                   | NOT_JSON
        {"object":"page",}                  | NOT_JSON
        {"entry":[{"id":01}]}               | NOT_JSON
        []                                  | UNKNOWN_SHAPE
        7                                   | UNKNOWN_SHAPE
        {}                                  | UNKNOWN_SHAPE
        {"object":"page"}                   | UNKNOWN_SHAPE
        {"object":"page","entry":{}}        | UNKNOWN_SHAPE
        {"object":"page","entry":[1,"a"]}   | UNKNOWN_SHAPE
        {"object":"page","entry":[{"a":1}]} | UNKNOWN_SHAPE
        {"field":"messages"}                | UNKNOWN_SHAPE
        {"value":{"message":{}}}            | UNKNOWN_SHAPE
        """)
    void what_is_no_notification_is_unreadable(String body, Reason reason) {
        assertThat(reading(body)).isEqualTo(new Reading.Unreadable(reason));
    }

    @Test
    void an_empty_envelope_is_readable() {
        assertThat(events("{\"object\":\"page\",\"entry\":[]}")).isEmpty();
        assertThat(events("{\"object\":\"page\",\"entry\":[{\"id\":\"1\",\"messaging\":[]}]}"))
                .isEmpty();
    }

    @Test
    void beside_entries_that_can_be_read_a_strange_one_is_kept() {
        var events = events("{\"entry\":[5,{\"id\":\"1\",\"messaging\":[{\"message\":{\"mid\":\"m\"}}]}]}");

        assertThat(events).extracting(Event::kind).containsExactly(Kind.UNRECOGNISED, Kind.MESSAGE);
        assertThat(events.get(0).raw().text()).isEqualTo("5");
    }

    @Test
    void a_body_nested_too_deep_is_unreadable() {
        var deep = "[".repeat(61) + "]".repeat(61);

        assertThat(item("{\"x\":" + deep.substring(2, deep.length() - 2) + "}").kind())
                .isEqualTo(Kind.UNRECOGNISED);
        assertThat(reading(Samples.messaging("{\"x\":" + deep + "}")))
                .isEqualTo(new Reading.Unreadable(Reason.TOO_DEEP));
        assertThat(reading("[".repeat(1_000_000))).isEqualTo(new Reading.Unreadable(Reason.TOO_DEEP));
    }

    @Test
    void a_thousand_updates_fit_in_a_body_and_the_limit_is_exact() {
        var body = IntStream.range(0, 1000)
                .mapToObj(i -> "{\"id\":\"" + i + "\",\"time\":1760000000000,\"messaging\":["
                        + people("u" + i, "" + i, "\"message\":{\"mid\":\"m" + i + "\"}") + "]}")
                .collect(Collectors.joining(",", "{\"object\":\"page\",\"entry\":[", "]}"));
        var bytes = body.getBytes(StandardCharsets.UTF_8);

        var events = events(body);
        assertThat(events).hasSize(1000);
        assertThat(events.stream().map(Event::key).distinct()).hasSize(1000);
        assertThat(events.get(999).conversation()).isEqualTo("999:u999");
        assertThat(new Notifications(new Limits(64, 1000), new SecureRandom()).read("demo", bytes, 0))
                .isInstanceOf(Reading.Events.class);
        assertThat(new Notifications(new Limits(64, 999), new SecureRandom()).read("demo", bytes, 0))
                .isEqualTo(new Reading.Unreadable(Reason.TOO_MANY_EVENTS));
        assertThatThrownBy(() -> new Limits(3, 1)).hasMessage("depthMax: 3 (expected: 4..256)");
    }

    @Test
    void elements_of_a_value_count_and_their_contexts_must_not_swell() {
        var open =
                "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"value\":{\"messages\":[";
        var contacts = "],\"contacts\":[" + "{\"wa_id\":\"1\"},".repeat(20_000) + "{}]}}]}]}";

        assertThat(events(open + "{},".repeat(4095) + "{}]}}]}]}")).hasSize(4096);
        assertThat(reading(open + "{},".repeat(4096) + "{}]}}]}]}"))
                .isEqualTo(new Reading.Unreadable(Reason.TOO_MANY_EVENTS));
        assertThat(events(open + "{},".repeat(99) + "{}" + contacts)).hasSize(100);
        assertThat(reading(open + "{},".repeat(999) + "{}" + contacts))
                .isEqualTo(new Reading.Unreadable(Reason.TOO_MANY_EVENTS));
    }

    @Test
    void nothing_a_person_wrote_is_in_what_prints() {
        var event = item("{\"sender\":{\"id\":\"7001\"},\"message\":{\"mid\":\"m_1\",\"text\":\"secret\"}}");

        assertThat(event.toString() + event.raw()).doesNotContain("secret", "7001", "m_1");
    }

    private static String people(String sender, String recipient, String rest) {
        return "{\"sender\":{\"id\":\"" + sender + "\"},\"recipient\":{\"id\":\"" + recipient + "\"}," + rest + "}";
    }
}
