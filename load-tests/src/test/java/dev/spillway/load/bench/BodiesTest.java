// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.load.Signer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BodiesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void a_body_of_one_event_has_520_bytes_in_every_run() {
        assertThat(LongStream.of(0, 1, 1_999, 299_999)
                        .map(index -> bodies("r1", 1).body(index).length()))
                .containsOnly((long) Bodies.BYTES);
        assertThat(bodies("spike", 1).body(7)).hasSize(Bodies.BYTES);
    }

    @Test
    void a_body_holds_as_many_events_as_asked_for() throws JsonProcessingException {
        assertThat(events(bodies("r1", 50).body(3))).hasSize(50);
    }

    @Test
    void every_event_of_a_run_has_an_id_of_its_own() throws JsonProcessingException {
        var ids = new HashSet<String>();

        for (var index = 0; index < 100; index++) {
            for (var event : events(bodies("r1", 5).body(index))) {
                ids.add(event.at("/message/mid").asText());
            }
        }

        assertThat(ids).hasSize(500).contains("m_r1_000000000", "m_r1_000000499");
    }

    @Test
    void the_signature_is_that_of_the_very_bytes_after_the_head() {
        var request = new String(bodies("r1", 5).request(8), US_ASCII);
        var body = request.substring(request.indexOf("\r\n\r\n") + 4);

        assertThat(request)
                .startsWith("POST /webhooks/load HTTP/1.1\r\n")
                .contains("Content-Length: " + body.length() + "\r\n")
                .contains("X-Hub-Signature-256: " + new Signer(Bodies.SECRET).sign(body.getBytes(US_ASCII)) + "\r\n");
    }

    @Test
    void each_request_in_the_file_follows_its_length() throws IOException {
        var out = new ByteArrayOutputStream();
        bodies("r1", 1).write(out, 2);

        var first = new String(bodies("r1", 1).request(0), US_ASCII);
        var second = new String(bodies("r1", 1).request(1), US_ASCII);
        assertThat(out.toString(US_ASCII)).isEqualTo(first.length() + "\n" + first + second.length() + "\n" + second);
    }

    private static Bodies bodies(String run, int events) {
        return new Bodies(run, 1_760_000_000_000L, events);
    }

    private static JsonNode events(String body) throws JsonProcessingException {
        return MAPPER.readTree(body).at("/entry/0/messaging");
    }
}
