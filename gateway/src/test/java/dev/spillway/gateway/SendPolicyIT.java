// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.SECRET;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Fault;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What may not be sent any more is not sent, and is kept with its reason. */
@Execution(ExecutionMode.CONCURRENT)
final class SendPolicyIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);
    private static final Duration WINDOW = Duration.ofHours(24);

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    /** A text that its person wrote so long ago. */
    private void said(Gateway gateway, String mid, String text, Duration ago) throws Exception {
        var then = System.currentTimeMillis() - ago.toMillis();
        var body = new String(PathRig.text("7001", mid, text), StandardCharsets.UTF_8)
                .replaceAll("\"timestamp\":[0-9]+", "\"timestamp\":" + then);
        var status = rig.post(gateway.httpPort(), body.getBytes(StandardCharsets.UTF_8), SECRET);
        assertThat(status.statusCode()).isEqualTo(200);
    }

    @Test
    void a_reply_whose_window_has_closed_is_not_sent_and_the_next_one_is() throws Exception {
        var gateway = rig.gateway(ECHO);

        said(gateway, "m_old", "too late", WINDOW.plusSeconds(5));
        said(gateway, "m_new", "in time", WINDOW.minusMinutes(10));

        rig.calls(1);
        rig.awaitCounter("refused", 1);
        assertThat(rig.sandbox.calls()).extracting(Call::text).containsExactly("in time");
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.get("reason"))
                .startsWith("window-closed"));
        var scrape =
                rig.get("http://127.0.0.1:" + gateway.opsPort() + "/metrics").body();
        assertThat(scrape).contains("spillway_dispatch_expired_total 1.0");
    }

    @Test
    void a_reply_whose_window_closes_while_its_page_rests_is_not_sent_afterwards() throws Exception {
        var gateway = rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Refuse(400, 32, 0, false), PAGE, 1);

        said(gateway, "m_1", "caught", WINDOW.minusSeconds(20));

        rig.awaitCounter("refused", 1);
        assertThat(rig.sandbox.calls()).as("the one that was refused").hasSize(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.get("reason"))
                .startsWith("window-closed"));
    }

    @Test
    void a_reply_that_stays_in_doubt_is_sent_again_three_times_and_no_more() {
        rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Respond(502, "<html>"), PAGE, 4);

        await(rig.say("7001", "lost"));
        await(rig.say("7001", "after"));

        rig.calls(5);
        assertThat(rig.sandbox.calls()).extracting(Call::text).containsExactly("lost", "lost", "lost", "lost", "after");
        rig.awaitCounter("refused", 1);
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.get("reason"))
                .startsWith("in-doubt: sent 4 times"));
    }
}
