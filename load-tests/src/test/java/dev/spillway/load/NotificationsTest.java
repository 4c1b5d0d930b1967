// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NotificationsTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final long NOW = 1_760_000_000_000L;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The platform's own scheme, with a pair that was made by another program. */
    @Test
    void a_known_body_gets_its_known_signature() {
        assertThat(new Signer(SECRET).sign("{\"object\":\"page\",\"entry\":[]}".getBytes(US_ASCII)))
                .isEqualTo("sha256=7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d04");
        assertThat(new Signer(SECRET).sign("{\"object\": \"page\", \"entry\": []}".getBytes(US_ASCII)))
                .isEqualTo("sha256=6631434be0501d3d9315bda5a310d3b096c9075628cef2c46f9e0a66bf4f7362");
    }

    @Test
    void the_signature_is_that_of_the_very_bytes_that_are_sent() {
        var signer = new Signer(SECRET);

        notifications(new Crowd(10, 2), "one").limit(100).forEach(one -> assertThat(one.get(Notifications.SIGNATURE))
                .isEqualTo(signer.sign(body(one))));
    }

    @Test
    void every_body_has_the_same_size() {
        assertThat(notifications(new Crowd(10_000, 7), "one").limit(20_000).map(one -> body(one).length))
                .containsOnly(520);
    }

    @Test
    void every_body_is_one_text_message_of_now() {
        var entry = json(notifications(new Crowd(10, 2), "one").findFirst().orElseThrow())
                .at("/entry/0");
        var messaging = entry.at("/messaging/0");

        assertThat(entry.path("id").asText()).isEqualTo("100200300400500");
        assertThat(entry.path("time").asLong()).isEqualTo(NOW);
        assertThat(messaging.at("/sender/id").asText()).isEqualTo("7000000000000000");
        assertThat(messaging.at("/recipient/id")).isEqualTo(entry.path("id"));
        assertThat(messaging.path("timestamp").asLong()).isEqualTo(NOW);
        assertThat(messaging.at("/message/text").asText()).startsWith("Solve ");
    }

    /** The gateway drops what it has seen: equal ids would make a light load look like a heavy one. */
    @Test
    void every_message_has_an_id_of_its_own_also_in_another_run() {
        var ids = new HashSet<String>();

        Stream.of("one", "two")
                .flatMap(run -> notifications(new Crowd(10, 2), run).limit(5_000))
                .forEach(one -> assertThat(ids.add(
                                json(one).at("/entry/0/messaging/0/message/mid").asText()))
                        .isTrue());

        assertThat(ids).hasSize(10_000);
    }

    @Test
    void users_write_in_turn_and_each_to_one_page() {
        var pageOf = new TreeMap<String, String>();

        notifications(new Crowd(10, 4), "one")
                .limit(30)
                .map(NotificationsTest::json)
                .forEach(one -> {
                    var user = one.at("/entry/0/messaging/0/sender/id").asText();
                    var page = one.at("/entry/0/id").asText();
                    assertThat(pageOf.getOrDefault(user, page)).isEqualTo(page);
                    pageOf.put(user, page);
                });

        assertThat(pageOf).hasSize(10);
        assertThat(pageOf.values().stream().distinct()).hasSize(4);
    }

    @Test
    void a_crowd_out_of_bounds_names_itself() {
        assertThatThrownBy(() -> new Crowd(3, 4)).hasMessage("users: 3 (expected: 4..100000000)");
        assertThatThrownBy(() -> new Crowd(3, 0)).hasMessage("pages: 0 (expected: 1..1000)");
    }

    @Test
    void the_secret_is_not_shown() {
        var properties = new Properties();
        properties.setProperty("load.secret", SECRET);

        assertThat(LoadSettings.of(properties))
                .asString()
                .contains("200.0 notifications/s")
                .doesNotContain(SECRET);
    }

    private static Stream<Map<String, Object>> notifications(Crowd crowd, String run) {
        var notifications =
                new Notifications(crowd, new Signer(SECRET), run, InstantSource.fixed(Instant.ofEpochMilli(NOW)));
        return Stream.generate(notifications::next);
    }

    private static byte[] body(Map<String, Object> one) {
        return (byte[]) one.getOrDefault(Notifications.BODY, new byte[0]);
    }

    private static JsonNode json(Map<String, Object> one) {
        try {
            return MAPPER.readTree(body(one));
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }
}
