// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UsageTest {
    private static Usage business(String value) {
        return Usage.of(200, MultiMap.caseInsensitiveMultiMap().add("X-Business-Use-Case-Usage", value));
    }

    @Test
    void no_header_says_nothing() {
        assertThat(Usage.of(200, MultiMap.caseInsensitiveMultiMap())).isSameAs(Usage.UNKNOWN);
    }

    @Test
    void the_highest_figure_counts_and_minutes_are_minutes() {
        var usage = business("""
            {"100":[{"type":"messenger","call_count":12,"total_cputime":81,"total_time":3,"estimated_time_to_regain_access":0},
            {"type":"pages","call_count":107,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":19}],
            "200":[{"type":"messenger","call_count":5}]}\
            """);

        assertThat(usage).isEqualTo(new Usage(107, 0, Duration.ofMinutes(19)));
    }

    @Test
    void the_same_business_may_come_twice_and_other_products_do_not_count() {
        var usage = business("""
            {"100":[{"call_count":99,"estimated_time_to_regain_access":5,"type":"ads_management"}],
            "100":[{"type":"messenger","call_count":40,"estimated_time_to_regain_access":0}]}\
            """);

        assertThat(usage).isEqualTo(new Usage(40, 0, Duration.ZERO));
    }

    @Test
    void app_and_page_are_told_apart() {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("x-app-usage", "{\"call_count\":28,\"total_time\":25,\"total_cputime\":95}")
                .add("x-page-usage", "{\"call_count\":20,\"total_time\":40,\"total_cputime\":60}");

        assertThat(Usage.of(200, headers)).isEqualTo(new Usage(60, 95, Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({"429, 7, 7", "503, 30, 30", "200, 7, 0", "429, 86400, 900", "429, -5, 0", "429, soon, 0"})
    void a_time_to_retry_after_counts_where_the_platform_asks_for_fewer_calls(int status, String value, int seconds) {
        var headers = MultiMap.caseInsensitiveMultiMap().add("Retry-After", value);

        assertThat(Usage.of(status, headers).regain()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "7",
                "{\"100\":7}",
                "{\"100\":[7]}",
                "{\"100\":[{\"call_count\":\"many\"}]}",
                "{\"100\":[{\"call_count\":{\"a\":[1]}}]}",
                "{\"100\":[{\"call_count\":-9}]}"
            })
    void what_cannot_be_read_says_nothing(String value) {
        assertThat(business(value)).isSameAs(Usage.UNKNOWN);
    }

    @Test
    void an_absurd_time_is_cut_to_a_day() {
        assertThat(business("{\"1\":[{\"estimated_time_to_regain_access\":1e300}]}")
                        .regain())
                .isEqualTo(Duration.ofDays(1));
    }
}
