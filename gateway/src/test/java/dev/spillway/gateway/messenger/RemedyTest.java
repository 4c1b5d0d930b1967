// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The platform's error table, row by row. */
class RemedyTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
        500, 1, 0, RETRY
        500, 1, 99, RETRY_ONCE
        500, 1, 1357046, IN_DOUBT
        500, 2, 0, RETRY
        400, 2, 2018344, DROP
        500, 1200, 0, RETRY
        500, -1, 0, RETRY
        400, 4, 0, PAUSE_APP
        429, 4, 0, PAUSE_APP
        400, 4, 2018022, BACK_OFF
        400, 4, 2018354, DROP
        400, 9, 2018352, PAUSE_PAGE
        403, 10, 0, TOKEN
        403, 10, 1404170, PAUSE_PAGE
        403, 10, 1893015, USER_UNREACHABLE
        403, 10, 1893063, PAUSE_PAGE
        403, 10, 2018065, WINDOW_CLOSED
        403, 10, 2018278, WINDOW_CLOSED
        403, 10, 2018108, USER_UNREACHABLE
        403, 10, 2018336, DROP
        403, 10, 2534022, WINDOW_CLOSED
        403, 10, 2534077, TOKEN
        400, 17, 0, PAUSE_PAGE
        400, 17, 2446079, PAUSE_PAGE
        400, 32, 0, PAUSE_PAGE
        400, 341, 0, PAUSE_PAGE
        400, 613, 0, PAUSE_PAGE
        400, 80001, 0, PAUSE_PAGE
        400, 80002, 0, PAUSE_PAGE
        400, 80006, 0, PAUSE_PAGE
        429, 80007, 0, PAUSE_PAGE
        429, 80008, 0, PAUSE_PAGE
        400, 613, 1996, PAUSE_PAGE
        400, 613, 2018338, PAUSE_PAGE
        400, 613, 1893016, DROP
        400, 613, 2534040, PAUSE_PAGE
        400, 100, 0, DROP
        400, 100, 33, DROP
        400, 100, 2018001, USER_UNREACHABLE
        400, 100, 2534014, USER_UNREACHABLE
        400, 100, 2018008, RETRY_ONCE
        400, 100, 2018014, DROP
        400, 100, 2018034, DROP
        400, 100, 2018047, DROP
        400, 100, 2018074, RETRY_ONCE
        400, 100, 2018109, DROP
        400, 100, 2018164, DROP
        400, 100, 2018320, DROP
        400, 100, 2018328, DROP
        400, 100, 2534015, DROP
        400, 100, 2534025, DROP
        400, 100, 2018294, RETRY_ONCE
        400, 100, 2534013, TOKEN
        400, 100, 2534029, PAUSE_PAGE
        400, 100, 2534037, DROP
        401, 190, 0, TOKEN
        401, 190, 458, TOKEN
        400, 190, 463, TOKEN
        401, 102, 0, TOKEN
        403, 200, 0, TOKEN
        403, 299, 0, TOKEN
        403, 200, 1545041, USER_UNREACHABLE
        403, 200, 2018021, DROP
        403, 200, 2018027, TOKEN
        403, 200, 2018028, TOKEN
        403, 200, 2534041, TOKEN
        403, 230, 0, TOKEN
        400, 3, 0, DROP
        400, 5, 0, PAUSE_APP
        403, 368, 0, PAUSE_PAGE
        400, 506, 0, DROP
        400, 551, 0, USER_UNREACHABLE
        400, 551, 1545041, USER_UNREACHABLE
        400, 2022, 0, PAUSE_PAGE
        400, 10303, 0, DROP
        400, 24001, 0, DROP
        400, 24002, 0, DROP
        400, 24005, 0, DROP
        400, 36103, 0, TOKEN
        400, 2018144, 0, DROP
        400, 2018171, 0, TOKEN
        400, 2018234, 0, TOKEN
        400, 2018218, 0, DROP
        400, 2018247, 0, DROP
        400, 2018300, 0, DROP
        400, 2018321, 0, BACK_OFF
        400, 2018389, 0, DROP
        400, 2018396, 0, DROP
        400, 2071010, 0, DROP
        400, 2071025, 0, DROP
        400, 2018154, 0, DROP
        400, 9000001, 0, DROP
        429, 130429, 0, BACK_OFF
        429, 131056, 0, BACK_OFF
        429, 131048, 0, PAUSE_PAGE
        429, 133016, 0, BACK_OFF
        500, 131000, 0, RETRY
        500, 131016, 0, RETRY
        500, 133004, 0, RETRY
        500, 131057, 0, RETRY
        400, 131053, 0, RETRY_ONCE
        400, 131047, 0, WINDOW_CLOSED
        400, 131026, 0, USER_UNREACHABLE
        400, 131050, 0, USER_UNREACHABLE
        400, 130472, 0, DROP
        400, 131049, 0, DROP
        400, 131051, 0, DROP
        400, 131052, 0, DROP
        400, 131008, 0, DROP
        400, 131009, 0, DROP
        400, 131062, 0, DROP
        400, 132000, 0, DROP
        400, 132069, 0, DROP
        403, 131031, 0, PAUSE_PAGE
        403, 131005, 0, TOKEN
        403, 131042, 0, PAUSE_PAGE
        401, 0, 0, TOKEN
        400, 133010, 0, TOKEN
        """)
    void each_row_has_its_remedy(int status, int code, int subcode, Remedy remedy) {
        assertThat(Remedy.of(status, error(code, subcode, false))).isEqualTo(remedy);
    }

    @ParameterizedTest
    @CsvSource({"2018300, DROP", "2018278, WINDOW_CLOSED", "2534022, WINDOW_CLOSED", "1545041, USER_UNREACHABLE"})
    void a_number_means_the_same_as_code_and_as_subcode(int number, Remedy remedy) {
        assertThat(Remedy.of(400, error(number, 0, false))).isEqualTo(remedy);
        assertThat(Remedy.of(400, error(10, number, false))).isEqualTo(remedy);
        assertThat(Remedy.of(400, error(77777, number, false))).isEqualTo(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "400, false, DROP", "404, false, DROP", "401, false, TOKEN", "403, false, TOKEN", "429, false, BACK_OFF",
        "500, false, RETRY", "503, false, RETRY", "400, true, RETRY", "200, false, IN_DOUBT", "302, false, DROP"
    })
    void an_unknown_code_is_judged_by_the_status(int status, boolean isTransient, Remedy remedy) {
        assertThat(Remedy.of(status, error(77777, 0, isTransient))).isEqualTo(remedy);
        assertThat(Remedy.of(status, error(77777, 2099999, isTransient))).isEqualTo(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "400, DROP",
        "401, TOKEN",
        "403, TOKEN",
        "404, DROP",
        "429, BACK_OFF",
        "500, IN_DOUBT",
        "502, IN_DOUBT",
        "504, IN_DOUBT",
        "200, IN_DOUBT"
    })
    void without_an_error_body_a_server_error_leaves_doubt(int status, Remedy remedy) {
        assertThat(Remedy.of(status, null)).isEqualTo(remedy);
    }

    @Test
    void a_throttle_by_status_slows_a_retry_down() {
        assertThat(Remedy.of(429, error(2, 0, true))).isEqualTo(Remedy.BACK_OFF);
        assertThat(Remedy.BACK_OFF.isThrottle()).isTrue();
        assertThat(Remedy.RETRY.isThrottle()).isFalse();
    }

    @Test
    void an_error_body_is_read() {
        var body = """
            {"error":{"message":"(#10) to someone","type":"OAuthException","code":10,"error_subcode":2018278,
            "error_user_title":"t","error_data":{"details":[1]},"is_transient":false,"fbtrace_id":"Abc"}}\
            """;

        var error = GraphError.read(body.getBytes(UTF_8));

        assertThat(error).contains(new GraphError(10, 2018278, "(#10) to someone", "Abc", false));
        assertThat(error.map(GraphError::toString)).contains("GraphError(10/2018278 Abc)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``
        <html>
        {}
        []
        {"error":"no"}
        {"error":{"message":"x"}}
        {"error":{"code":"ten"}}
        {"error":{"code":99999999999}}
        {"error":{"code":1}
        """)
    void another_body_holds_no_error(String body) {
        assertThat(GraphError.read(body.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void a_code_may_be_a_string() {
        assertThat(GraphError.read("{\"error\":{\"code\":\"4\",\"is_transient\":true}}".getBytes(UTF_8)))
                .isEqualTo(Optional.of(new GraphError(4, 0, null, null, true)));
    }

    @Property
    void every_answer_has_a_remedy(@ForAll int status, @ForAll int code, @ForAll int subcode, @ForAll byte[] body) {
        assertThat(Remedy.of(status, error(code, subcode, false))).isNotNull();
        assertThat(GraphError.read(body)).isEmpty();
    }

    private static GraphError error(int code, int subcode, boolean isTransient) {
        return new GraphError(code, subcode, "text", null, isTransient);
    }
}
