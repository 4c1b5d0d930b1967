// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Delivered;
import io.vertx.core.Future;
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
    /** Fifty to two hundred texts make half to two seconds between two kills. */
    private static final int TEXTS_BETWEEN_LEAST = 50;

    private static final int TEXTS_BETWEEN_MOST = 200;

    private final PathRig rig = new PathRig();
    private final Random random = new Random(SEED);
    private final Pods pods = new Pods(rig, USERS, yaml -> yaml);

    @AfterEach
    void close() {
        pods.close();
        rig.close();
    }

    @Test
    void nothing_is_lost_repeated_or_out_of_order_while_one_of_two_gateways_is_killed_again_and_again()
            throws Exception {
        pods.add("kills-a");
        pods.add("kills-b");
        pods.awaitReady();

        var said = pods.said();
        var kills = 0;
        for (var nextKill = textsToNextKill(); said.size() < TEXTS; ) {
            pods.write();
            if (said.size() == nextKill && nextKill < TEXTS) {
                var victim = killOne();
                kills++;
                // Whoever sends to it does not know yet.
                said.add(rig.say("70" + said.size() % USERS, "text " + said.size()));
                Thread.sleep(Pods.PACE);
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

    private int textsToNextKill() {
        return random.nextInt(TEXTS_BETWEEN_LEAST, TEXTS_BETWEEN_MOST + 1);
    }

    // Only one that works is worth killing, and the other must work too: on a slow machine both would be down most of
    // the time, and the echo that settles a doubt would come too late.
    private Pods.Pod killOne() {
        pods.awaitReady();
        var victim = pods.get(random.nextInt(pods.count()));
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
