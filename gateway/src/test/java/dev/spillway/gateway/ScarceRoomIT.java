// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.worker.EchoBot;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody takes events out: the streams fill up to their bound, receipts are refused first, and nothing that got 200 goes. */
final class ScarceRoomIT {
    private static final int POSTS = 3000;

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static byte[] receipt(String user) {
        return """
            {"object":"page","entry":[{"id":"%s","time":1,"messaging":[{"sender":{"id":"%s"},"recipient":{"id":"%s"},"timestamp":1,"read":{"watermark":%d}}]}]}\
            """.formatted(PAGE, user, PAGE, System.nanoTime()).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void receipts_are_refused_first_then_everything_and_all_that_was_taken_is_served_later() throws Exception {
        var ingest = rig.gateway(
                rig.redis.uri(),
                Map.of(),
                "",
                "  roles: [ingest]\n  ingest: { partition-bytes-max: 64KiB }\n" + PathRig.UNLIMITED);
        var port = ingest.httpPort();
        var taken = 0;
        var receiptsRefusedAt = 0;
        var messagesRefusedAt = 0;
        for (var post = 0; post < POSTS && messagesRefusedAt == 0; post++) {
            var user = "70" + post % 50;
            if (rig.post(port, PathRig.text(user, "m_" + post, "text " + post), SECRET)
                            .statusCode()
                    == 200) {
                taken++;
            } else {
                messagesRefusedAt = post;
            }
            if (receiptsRefusedAt == 0 && rig.post(port, receipt(user), SECRET).statusCode() == 503) {
                receiptsRefusedAt = post;
            }
        }

        assertThat(receiptsRefusedAt).isPositive();
        assertThat(messagesRefusedAt).isGreaterThan(receiptsRefusedAt);
        var refused = rig.post(port, PathRig.text("70" + messagesRefusedAt % 50, "m_x", "x"), SECRET);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(answers(ingest.opsPort())).containsKeys("shed-receipts", "store-full");

        rig.unlimited(rig.redis.uri(), Map.of("echo", EchoBot::new));
        rig.awaitTaken(taken);
        var user = "70" + messagesRefusedAt % 50;
        rig.awaitThat(() -> status(port, user) == 200, "room again");
        assertThat(rig.taken()).doesNotHaveDuplicates();
    }

    private int status(int port, String user) {
        try {
            return rig.post(port, PathRig.text(user, "m_y", "y"), SECRET).statusCode();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    /** How often each answer was given. */
    private Map<String, Double> answers(int opsPort) throws Exception {
        var counts = new HashMap<String, Double>();
        rig.get("http://127.0.0.1:" + opsPort + "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("spillway_ingest_requests_total{"))
                .forEach(line -> {
                    var answer = line.replaceAll(".*answer=\"([^\"]*)\".*", "$1");
                    var count = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                    if (count > 0) {
                        counts.put(answer, count);
                    }
                });
        return counts;
    }
}
