// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One page has thousands of events waiting and a slow bot. It steps aside: other pages of the same partitions are served
 * meanwhile, and nothing of it is lost, run out of order or finished twice, through takeovers too.
 */
final class HotPageIT {
    private static final String HOT = "555000111222333";
    private static final String COLD = "666000111222333";
    private static final int USERS = 40;
    private static final int BODY = 400;

    private final PathRig rig = new PathRig();
    private final Map<String, List<Integer>> firstRuns = new ConcurrentHashMap<>();
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();
    private final AtomicInteger hot = new AtomicInteger();
    private final AtomicInteger cold = new AtomicInteger();
    private volatile Duration hotTakes = Duration.ofMillis(20);
    private int written;

    @AfterEach
    void close() {
        rig.close();
    }

    private final Bot bot = delivery -> {
        var event = delivery.event();
        var isHot = event.page().equals(HOT);
        if (isHot) {
            Thread.sleep(hotTakes);
        }
        var number = Integer.parseInt(event.raw().text().replaceAll("(?s).*\"text\":\"(\\d+)\".*", "$1"));
        if (known.putIfAbsent(event.key().hex(), true) == null) {
            firstRuns
                    .computeIfAbsent(event.conversation(), ignored -> new ArrayList<>())
                    .add(number);
            (isHot ? hot : cold).incrementAndGet();
        }
        return Verdict.accept();
    };

    private void write(int port, String page, int events) throws Exception {
        var from = written;
        written += events;
        var body = PathRig.texts(page, IntStream.range(from, written), USERS);
        assertThat(rig.post(port, body, SECRET).statusCode()).isEqualTo(200);
    }

    private void isAllFinishedOnceAndInOrder() {
        rig.awaitThat(() -> rig.counter("bot.1:done") == written, "all are finished");
        rig.awaitIdle("bot.1");
        assertThat(rig.counter("bot.1:done")).isEqualTo(written);
        assertThat(rig.counter("bot.1:dead")).isZero();
        assertThat(rig.counter("bot.1:aside")).isZero();
        assertThat(firstRuns.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
        assertThat(firstRuns.values().stream().mapToInt(List::size).sum()).isEqualTo(written);
    }

    @Test
    void others_are_served_while_it_has_thousands_waiting_and_it_comes_back_when_it_has_caught_up() throws Exception {
        var port = rig.gateway(Map.of("bot", () -> bot)).httpPort();
        write(port, COLD, USERS);
        write(port, HOT, USERS);
        rig.awaitThat(() -> cold.get() == USERS, "both pages are known");
        for (var body = 0; body < 40; body++) {
            write(port, HOT, BODY);
        }
        rig.awaitThat(() -> !rig.redis.client().keys("g1:ass:*").isEmpty(), "it is set aside");

        for (var i = 0; i < 20; i++) {
            write(port, COLD, USERS);
        }
        rig.awaitThat(() -> cold.get() == 21 * USERS, "the others are served");
        assertThat(hot.get()).as("the hot page is behind").isLessThan(30 * BODY);

        hotTakes = Duration.ZERO;
        isAllFinishedOnceAndInOrder();
        rig.awaitThat(() -> rig.redis.client().keys("g1:as*").isEmpty(), "it is a page as any other again");
        write(port, HOT, BODY);
        write(port, COLD, BODY);
        isAllFinishedOnceAndInOrder();
    }

    @Test
    void nothing_is_lost_or_turned_round_though_partitions_change_hands_all_the_time() throws Exception {
        var random = new Random(42);
        var port = rig.gateway(Map.of("bot", () -> bot)).httpPort();
        write(port, COLD, USERS);
        write(port, HOT, USERS);
        rig.awaitThat(() -> cold.get() == USERS, "both pages are known");
        for (var body = 0; body < 20; body++) {
            write(port, HOT, BODY);
        }
        rig.awaitThat(() -> !rig.redis.client().keys("g1:ass:*").isEmpty(), "it is set aside");
        hotTakes = Duration.ofMillis(5);

        for (var body = 0; body < 40; body++) {
            write(port, HOT, BODY);
            write(port, COLD, USERS);
            if (body % 3 == 2) {
                take(random.nextInt(8));
            }
        }
        for (var i = 0; i < 20; i++) {
            take(random.nextInt(8));
            Thread.sleep(50);
        }

        isAllFinishedOnceAndInOrder();
    }

    /** Another takes a partition and is gone: what is in hand is fenced off, and leased anew. */
    private void take(int partition) {
        var redis = rig.redis.client();
        var key = "g1:own:{p" + partition + "}:bot.1";
        redis.hincrby(key, "e", 1);
        redis.hset(key, Map.of("o", "another", "x", "1"));
    }
}
