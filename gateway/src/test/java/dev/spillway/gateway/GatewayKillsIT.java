// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.APP;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Delivered;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two gateways on one Redis, and every half to two seconds one of them is killed, at random, while people go on
 * writing: every text is taken in the end, and each gets one reply, in order.
 */
final class GatewayKillsIT {
    private static final int TEXTS = 1_500;
    private static final int USERS = 60;
    private static final int KILLS_LEAST = 8;
    private static final long SEED = 20_261_224;
    /** Between two texts; so fifty to two hundred of them make half to two seconds between two kills. */
    private static final Duration PACE = Duration.ofMillis(10);

    /** Odd, so that it comes round to both. */
    private static final int LOOK_EVERY = 15;

    private static final int TEXTS_BETWEEN_LEAST = 50;
    private static final int TEXTS_BETWEEN_MOST = 200;

    private final PathRig rig = new PathRig();
    private final Random random = new Random(SEED);
    private final List<Member> members = new ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(Member::close);
        rig.close();
    }

    /** A gateway that is started again whenever it was killed; at the same addresses, as a pod behind a service. */
    private final class Member {
        private final String name;
        private final int httpPort = Ports.toKeep();
        private final URI ready;
        private final Path config;
        private GatewayProcess process;
        private boolean up;

        Member(String name) throws IOException {
            this.name = name;
            var opsPort = Ports.toKeep();
            ready = URI.create("http://127.0.0.1:" + opsPort + "/readyz");
            var yaml = rig.yaml(rig.redis.uri(), httpPort, opsPort, "{ echo: { kind: built-in } }", PathRig.UNLIMITED);
            // Long enough for the echo of a send on the wire, which waits until one of the two takes webhooks.
            config = rig.file(yaml.replace("doubt-wait: 3s", "doubt-wait: 20s"));
            process = started();
        }

        private GatewayProcess started() {
            return GatewayProcess.gateway(config)
                    .named("kills-" + name)
                    .flag("-XX:TieredStopAtLevel=1")
                    .start();
        }

        /** Asked only until it is: nobody but us ends it then. One that ends while it starts is started again, as a pod is. */
        boolean isReady() {
            if (!up && !process.running()) {
                restart();
            }
            try {
                up = up || rig.get(ready.toString()).statusCode() == 200;
                return up;
            } catch (IOException notYet) {
                return false;
            } catch (InterruptedException leaving) {
                throw new AssertionError(leaving);
            }
        }

        void takeWebhooks() {
            rig.sandbox.webhook(APP, PathRig.webhookUrl(httpPort));
        }

        void kill() {
            process.kill9();
            up = false;
        }

        void restart() {
            process = started();
        }

        void close() {
            process.close();
        }
    }

    @Test
    void nothing_is_lost_repeated_or_out_of_order_while_one_of_two_gateways_is_killed_again_and_again()
            throws Exception {
        members.add(new Member("a"));
        members.add(new Member("b"));
        rig.awaitThat(() -> members.stream().allMatch(Member::isReady), "both are ready");

        var said = new ArrayList<Future<Delivered>>();
        var kills = 0;
        for (var nextKill = textsToNextKill(); said.size() < TEXTS; ) {
            chooseWhoTakesWebhooks(said.size());
            said.add(rig.say("70" + said.size() % USERS, "text " + said.size()));
            Thread.sleep(PACE);
            if (said.size() == nextKill && nextKill < TEXTS) {
                var victim = killOne();
                kills++;
                // Whoever sends to it does not know yet.
                said.add(rig.say("70" + said.size() % USERS, "text " + said.size()));
                Thread.sleep(PACE);
                victim.restart();
                nextKill += textsToNextKill();
            }
        }
        await(Future.all(said));
        awaitReplies();
        rig.awaitIdle("echo.1");

        var again = said.stream().filter(one -> one.result().attempts() > 1).count();
        var copies = rig.counter("echo.1:fin", "echo.1:filtered") - TEXTS;
        var millis = said.stream()
                .map(Future::result)
                .filter(one -> one.attempts() == 1)
                .mapToLong(Delivered::millis)
                .sorted()
                .toArray();
        System.out.printf(
                "kills %d, webhooks posted again %d, second copies in the streams %d, p99 of the others %d ms%n",
                kills, again, copies, millis[millis.length * 99 / 100]);
        assertThat(kills).isGreaterThanOrEqualTo(KILLS_LEAST);
        assertThat(again).as("webhooks that a kill cut off").isPositive();
        assertThat(said).allMatch(one -> one.result().accepted());
        assertThat(rig.counter("echo.1:done")).isEqualTo(TEXTS);
        assertThat(rig.counter("sent")).isEqualTo(TEXTS);
        assertThat(rig.taken()).doesNotHaveDuplicates().hasSize(TEXTS);
        for (var user = 0; user < USERS; user++) {
            assertThat(repliesTo("70" + user)).containsExactlyElementsOf(textsOf(user));
        }
    }

    // As a service of Kubernetes does: in turn, and not to one that is known to be down.
    private void chooseWhoTakesWebhooks(int text) {
        var inTurn = members.get(text % members.size());
        if (inTurn.up || (text % LOOK_EVERY == 0 && inTurn.isReady())) {
            inTurn.takeWebhooks();
        } else {
            members.get(1 - text % members.size()).takeWebhooks();
        }
    }

    private int textsToNextKill() {
        return random.nextInt(TEXTS_BETWEEN_LEAST, TEXTS_BETWEEN_MOST + 1);
    }

    // Only one that works is worth killing, and the other must work too: on a slow machine both would be down most of
    // the time, and the echo that settles a doubt would come too late.
    private Member killOne() {
        rig.awaitThat(() -> members.stream().allMatch(Member::isReady), "both are ready");
        var victim = members.get(random.nextInt(members.size()));
        victim.takeWebhooks();
        victim.kill();
        return victim;
    }

    private void awaitReplies() {
        rig.awaitThat(() -> rig.counter("sent") >= TEXTS, "every reply is sent");
    }

    private List<String> repliesTo(String user) {
        return rig.sandbox.calls().stream()
                .filter(call -> call.recipient().equals(user))
                .map(Call::text)
                .toList();
    }

    private static List<String> textsOf(int user) {
        return IntStream.iterate(user, text -> text < TEXTS, text -> text + USERS)
                .mapToObj(text -> "text " + text)
                .toList();
    }
}
