// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.RawJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GraphOutcomeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"recipient_id\":\"1\",\"message_id\":\"m_1\"}        | SENT",
                "200 | {\"message_id\":\"m_1\"} trailing                     | SENT",
                "200 | {\"recipient_id\":\"1\"}                              | DOUBT",
                "200 | {\"message_id\":7}                                    | DOUBT",
                "200 | {\"a\":{\"message_id\":\"m_1\"}}                      | DOUBT",
                "200 | []                                                    | DOUBT",
                "200 | <html>                                                | DOUBT",
                "200 | ''                                                    | DOUBT",
                "204 | ''                                                    | DOUBT",
                "301 | ''                                                    | DROP",
                "400 | {\"error\":{\"code\":100,\"message\":\"x\"}}           | DROP",
                "400 | {\"error\":{\"code\":10,\"error_subcode\":2018278}}    | WINDOW_CLOSED",
                "400 | {\"error\":{\"code\":551}}                            | USER_UNREACHABLE",
                "400 | {\"error\":{\"code\":190}}                            | TOKEN",
                "400 | {\"error\":{\"code\":613}}                            | SLOW_PAGE",
                "400 | {\"error\":{\"code\":4}}                              | PAUSE_APP",
                "400 | {\"error\":{\"code\":1200}}                           | RETRY",
                "500 | {\"error\":{\"code\":2}}                              | RETRY",
                "500 | {\"error\":{\"code\":1,\"error_subcode\":1357046}}     | DOUBT",
                "401 | <html>                                                | TOKEN",
                "429 | ''                                                    | SLOW_PAGE",
                "500 | <html>                                                | DOUBT",
                "503 | ''                                                    | DOUBT"
            })
    void an_answer_is_what_it_says_and_a_doubt_where_it_says_nothing(int status, String body, String expected) {
        var outcome = GraphClient.outcome(status, body.getBytes(UTF_8));

        var found =
                switch (outcome) {
                    case Outcome.Sent sent -> sent.messageId().equals("m_1") ? "SENT" : "another id";
                    case Outcome.Refused refused -> refused.remedy().name();
                    case Outcome.NotSent ignored -> "NOT_SENT";
                    case Outcome.InDoubt ignored -> "DOUBT";
                };
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void any_bytes_have_an_outcome() {
        for (var status : List.of(100, 200, 299, 302, 400, 404, 500, 599)) {
            for (var body :
                    List.of("{", "{\"error\":", "{\"error\":{\"code\":", "\u0000\u0001", "{\"message_id\":\"")) {
                assertThat(GraphClient.outcome(status, body.getBytes(UTF_8))).isNotInstanceOf(Outcome.Sent.class);
            }
        }
    }

    @Test
    void a_call_carries_the_message_as_it_was_given() {
        var body = GraphClient.body(new GraphCall("100", "70\"01", RawJson.of("{\"text\":\"\u00fc\",\"x\":{}}")));

        assertThat(new String(body, UTF_8))
                .isEqualTo("{\"recipient\":{\"id\":\"70\\\"01\"},\"messaging_type\":\"RESPONSE\","
                        + "\"message\":{\"text\":\"\u00fc\",\"x\":{}}}");
    }
}
