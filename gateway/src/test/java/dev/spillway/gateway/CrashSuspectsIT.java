// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An event that ends every process that runs it: it becomes a dead letter, it alone, and all others are answered. */
final class CrashSuspectsIT {
    private static final int USERS = 30;
    private static final int TEXTS = 120;
    private static final int POISONED = 61;
    private static final int KILLED = 137;

    /**
     * Two that make it suspect, then groups of 64, of 8 and three times alone; one more, should a process have died
     * before the note.
     */
    private static final int DEATHS_MOST = 8;

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static String text(int number) {
        return (number == POISONED ? PoisonedGateway.POISON : "text") + " " + number;
    }

    @Test
    void an_event_that_ends_every_process_becomes_a_dead_letter_and_bystanders_are_answered_in_order()
            throws Exception {
        var httpPort = Ports.toKeep();
        var opsPort = Ports.toKeep();
        var yaml = rig.yaml(rig.redis.uri(), httpPort, opsPort, "{ echo: { kind: built-in } }", PathRig.UNLIMITED)
                .replace("doubt-wait: 3s", "doubt-wait: 20s");
        var config = rig.file(yaml);
        var ready = URI.create("http://127.0.0.1:" + opsPort + "/readyz");
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(httpPort));
        var said = new ArrayList<Future<?>>();

        var deaths = 0;
        var process = start(config.toString());
        try {
            process.awaitReady(ready, PathRig.PATIENCE);
            for (var text = 0; text < TEXTS; text++) {
                said.add(rig.say("70" + text % USERS, text(text)));
            }
            while (rig.deadLetters().isEmpty()) {
                if (!process.running()) {
                    assertThat(process.awaitExit(PathRig.PATIENCE)).isEqualTo(KILLED);
                    assertThat(++deaths).as("deaths").isLessThanOrEqualTo(DEATHS_MOST);
                    process = start(config.toString());
                }
                Thread.sleep(50);
            }
            await(Future.all(said));
            rig.awaitCounter("sent", TEXTS - 1);
            rig.awaitIdle("echo.1");
        } finally {
            process.close();
        }

        System.out.printf("deaths %d%n", deaths);
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter).containsEntry("reason", "process-died").containsEntry("attempts", "3");
            assertThat(letter.get("b")).contains(text(POISONED));
        });
        assertThat(rig.counter("echo.1:done")).isEqualTo(TEXTS - 1);
        for (var user = 0; user < USERS; user++) {
            var expected = new ArrayList<String>();
            for (var text = user; text < TEXTS; text += USERS) {
                if (text != POISONED) {
                    expected.add(text(text));
                }
            }
            var recipient = "70" + user;
            var sent = new ArrayList<String>();
            for (var call : rig.sandbox.calls()) {
                // A death leaves what is on the wire in doubt; its echo may come later than the next one waits.
                if (call.recipient().equals(recipient)
                        && (sent.isEmpty() || !sent.getLast().equals(call.text()))) {
                    sent.add(String.valueOf(call.text()));
                }
            }
            assertThat(sent).containsExactlyElementsOf(expected);
        }
    }

    private static GatewayProcess start(String config) {
        return GatewayProcess.main(PoisonedGateway.class, config, "")
                .named("poisoned")
                .flag("-XX:TieredStopAtLevel=1")
                .start();
    }
}
