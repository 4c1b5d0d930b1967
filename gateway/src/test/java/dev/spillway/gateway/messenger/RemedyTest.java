// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The platform's error table, row by row. */
class RemedyTest {
    private static final Path TABLE = Path.of("..", "docs", "dispatch.md");
    private static final Pattern ROW = Pattern.compile("\\| ([-0-9, ]+) \\| ([-0-9, ]*) \\| [^|]+ \\| `([a-z-]+)` \\|");

    /** A row of docs/dispatch.md: any of the codes, with any of the subcodes. */
    record Row(List<Integer> codes, List<Integer> subcodes, Remedy remedy) {}

    static List<Row> rows() throws IOException {
        return Files.readAllLines(TABLE).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> new Row(
                        numbers(row.group(1)),
                        row.group(2).isBlank() ? List.of(0) : numbers(row.group(2)),
                        Remedy.valueOf(row.group(3).toUpperCase(Locale.ROOT).replace('-', '_'))))
                .toList();
    }

    private static List<Integer> numbers(String cell) {
        return Stream.of(cell.split(","))
                .map(String::strip)
                .map(Integer::valueOf)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void each_row_of_the_documented_table_has_its_remedy(Row row) {
        for (var code : row.codes()) {
            for (var subcode : row.subcodes()) {
                assertThat(Remedy.of(400, error(code, subcode, false)))
                        .as("%d/%d", code, subcode)
                        .isEqualTo(row.remedy());
                assertThat(Remedy.of(500, error(code, subcode, true)))
                        .as("%d/%d by another status", code, subcode)
                        .isEqualTo(row.remedy());
            }
        }
    }

    @Test
    void every_number_of_the_table_is_documented() throws IOException {
        var documented = rows().stream()
                .flatMap(row -> Stream.concat(row.codes().stream(), row.subcodes().stream()))
                .collect(Collectors.toSet());

        assertThat(documented).containsAll(Remedy.numbers());
        assertThat(rows()).hasSizeGreaterThan(60);
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
        "400, false, DROP", "404, false, DROP", "401, false, TOKEN", "403, false, TOKEN", "429, false, SLOW_PAGE",
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
        "429, SLOW_PAGE",
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
        assertThat(Remedy.of(429, error(2, 0, true))).isEqualTo(Remedy.SLOW_PAGE);
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
