// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private static final Fault CUT = new Fault.Cut(true);
    private static final Fault HANG = new Fault.Hang(false);

    private final Faults faults = new Faults();

    @Test
    void the_oldest_rule_that_meets_the_page_is_used_first() {
        faults.add(new Faults.Rule(CUT, "1", 1));
        faults.add(new Faults.Rule(HANG, null, 2));

        assertThat(faults.take("2")).isEqualTo(HANG);
        assertThat(faults.take("1")).isEqualTo(CUT);
        assertThat(faults.take("1")).isEqualTo(HANG);
        assertThat(faults.take("1")).isNull();
        assertThat(faults.rules()).isEmpty();
    }

    @Test
    void a_rule_without_a_count_is_never_used_up() {
        faults.add(new Faults.Rule(CUT, null, 0));
        for (var i = 0; i < 100; i++) {
            assertThat(faults.take("1")).isEqualTo(CUT);
        }

        faults.clear();

        assertThat(faults.take("1")).isNull();
    }

    @Test
    void no_more_than_a_thousand_rules_are_held() {
        for (var i = 0; i < 1_000; i++) {
            assertThat(faults.add(new Faults.Rule(CUT, null, 1))).isTrue();
        }
        assertThat(faults.add(new Faults.Rule(CUT, null, 1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"delay\",\"millis\":200,\"times\":1}",
                "{\"kind\":\"late-answer\",\"millis\":200,\"times\":0}",
                "{\"kind\":\"refuse\",\"status\":400,\"code\":613,\"subcode\":1996,\"taken\":false,\"times\":3,\"page\":\"1\"}",
                "{\"kind\":\"respond\",\"status\":502,\"body\":\"<html>\",\"times\":1}",
                "{\"kind\":\"hang\",\"taken\":true,\"times\":1}",
                "{\"kind\":\"cut\",\"taken\":false,\"times\":1}"
            })
    void a_rule_is_written_as_it_was_read(String json) {
        var rule = FaultJson.read(parse(json));

        assertThat(rule).isNotNull();
        assertThat(FaultJson.write(List.of(rule)).path("faults").path(0)).hasToString(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "{\"kind\":\"explode\"}", "{\"kind\":\"cut\",\"times\":-1}", "nothing"})
    void anything_else_is_no_rule(String json) {
        assertThat(FaultJson.read(parse(json))).isNull();
    }

    private static JsonNode parse(String json) {
        return Json.readOrMissing(json.getBytes(StandardCharsets.UTF_8));
    }
}
