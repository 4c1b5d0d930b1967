// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.WithNull;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private static final Signature SIGNATURE = new Signature(List.of(SECRET));
    private static final byte[] BODY = "{\"object\":\"page\",\"entry\":[]}".getBytes(UTF_8);
    private static final String VALUE = "sha256=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d04";

    private static final String ESCAPED = """
        {"object":"page","entry":[{"id":"100200300400500","time":1760000000000,"messaging":[{"sender":{"id":"7001"},\
        "recipient":{"id":"100200300400500"},"timestamp":1759999999000,"message":{"mid":"m_test1",\
        "text":"\\u00e4\\u00f6\\u00e5 https:\\/\\/ex.test\\/"}}]}]}\
        """;
    private static final String UNESCAPED =
            ESCAPED.replace("\\u00e4\\u00f6\\u00e5", "\u00e4\u00f6\u00e5").replace("\\/", "/");

    @Test
    void the_published_vectors_match() {
        assertThat(ESCAPED.getBytes(UTF_8)).hasSize(251);
        assertThat(UNESCAPED.getBytes(UTF_8)).hasSize(236);

        matches(
                "{\"object\":\"page\",\"entry\":[]}",
                "7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d04");
        matches(
                "{\"object\": \"page\", \"entry\": []}",
                "6631434be0501d3d9315bda5a310d3b096c9075628cef2c46f9e0a66bf4f7362");
        matches(ESCAPED, "699d4e2079d44052fb48314b58978992bc254885409aee22f4f7328f5825bcde");
        matches(UNESCAPED, "4bdaf07b369a34e7b3451309ce81477ee3d9fa8ae7c8b7dd2daed31009b6fab5");
    }

    @Test
    void the_same_json_in_other_bytes_is_forged() {
        assertThat(SIGNATURE.check(SIGNATURE.sign(0, ESCAPED.getBytes(UTF_8)), UNESCAPED.getBytes(UTF_8)))
                .isEqualTo(Signature.FORGED);
        assertThat(SIGNATURE.check(SIGNATURE.sign(0, UNESCAPED.getBytes(UTF_8)), ESCAPED.getBytes(UTF_8)))
                .isEqualTo(Signature.FORGED);
    }

    @Test
    void any_secret_of_the_list_is_accepted_and_named() {
        var secrets = new Signature(List.of("new".getBytes(UTF_8), SECRET, "older".getBytes(UTF_8)));

        assertThat(secrets.check(VALUE, BODY)).isEqualTo(1);
        assertThat(secrets.check(secrets.sign(0, BODY), BODY)).isZero();
        assertThat(secrets.check(secrets.sign(2, BODY), BODY)).isEqualTo(2);
        assertThat(new Signature(List.of("other".getBytes(UTF_8))).check(VALUE, BODY))
                .isEqualTo(Signature.FORGED);
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "sha256=",
        "7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d04",
        "sha1=10399b38a47b48f99f6cd3d05a5f7f9314fc41d0",
        "sha512=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d04",
        "sha256=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d0",
        "sha256=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d040",
        "sha256=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d0g",
        "sha256=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d05",
        "sha256=7cbc46b042d7e131c845c3z08d7028636dc75bdd529a85bfd25451ef6fc04d04",
        "SHA256=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d04"
    })
    void another_header_is_forged(String header) {
        assertThat(SIGNATURE.check(header, BODY)).isEqualTo(Signature.FORGED);
    }

    @Test
    void no_header_and_upper_case_digits_are_forged() {
        assertThat(SIGNATURE.check(null, BODY)).isEqualTo(Signature.FORGED);
        assertThat(SIGNATURE.check(VALUE.toUpperCase(Locale.ROOT).replace("SHA", "sha"), BODY))
                .isEqualTo(Signature.FORGED);
    }

    @Test
    void every_single_bit_counts() {
        IntStream.range(0, BODY.length * 8).forEach(bit -> {
            var flipped = BODY.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(SIGNATURE.check(VALUE, flipped)).isEqualTo(Signature.FORGED);
        });
    }

    @Test
    void many_threads_may_check_at_once() {
        var matches = IntStream.range(0, 20_000)
                .parallel()
                .map(i -> SIGNATURE.check(VALUE, BODY))
                .sum();

        assertThat(matches).isZero();
    }

    @Property
    void checking_never_throws(@ForAll @WithNull @Nullable String header, @ForAll byte[] body) {
        assertThatCode(() -> SIGNATURE.check(header, body)).doesNotThrowAnyException();
    }

    @Test
    void an_empty_secret_is_refused() {
        assertThatThrownBy(() -> new Signature(List.of())).hasMessage("secrets: 0 (expected: 1 or more)");
        assertThatThrownBy(() -> new Signature(List.of(new byte[0])))
                .hasMessage("secret: 0 bytes (expected: 1 or more)");
    }

    private static void matches(String body, String hex) {
        assertThat(SIGNATURE.check("sha256=" + hex, body.getBytes(UTF_8))).isZero();
        assertThat(SIGNATURE.sign(0, body.getBytes(UTF_8))).isEqualTo("sha256=" + hex);
    }
}
