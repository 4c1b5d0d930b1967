// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.SECRET;

import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Measures what one page with 100,000 events waiting, and a hundred times the events of each of its twenty neighbours,
 * costs those: the time from the webhook to the bot, without it and with it, in turn. A program, not a test:
 * {@code mvn -q -Pscale verify -pl gateway -am -Dscale.main=dev.spillway.gateway.HotPageRun}.
 */
final class HotPageRun {
    private static final String HOT = "555000111222333";
    private static final int NEIGHBOURS = 20;
    private static final int EACH_PER_SECOND = 10;
    private static final int TIMES = 100;
    private static final int WAITING = 100_000;
    private static final int HOT_BODY = 100;
    private static final int USERS = 2_000;
    private static final Duration MEASURED = Duration.ofSeconds(20);
    private static final double RATIO_MAX = 2;

    private final PathRig rig = new PathRig();
    private final Map<String, Long> posted = new ConcurrentHashMap<>();
    private final Map<String, Long> taken = new ConcurrentHashMap<>();
    private final AtomicInteger hot = new AtomicInteger();
    private int port;
    private int written;

    public static void main(String... arguments) throws Exception {
        var run = new HotPageRun();
        boolean met;
        try {
            met = run.run();
        } finally {
            run.rig.close();
        }
        System.exit(met ? 0 : 1);
    }

    private boolean run() throws Exception {
        Bot bot = delivery -> {
            if (delivery.event().page().equals(HOT)) {
                Thread.sleep(250);
                hot.incrementAndGet();
            } else {
                taken.put(
                        delivery.event().raw().text().replaceAll("(?s).*\"mid\":\"(\\w+)\".*", "$1"),
                        System.nanoTime());
            }
            return Verdict.accept();
        };
        // Eight partitions have to hold what 64 would.
        var room = Map.of("renew-every: 300ms }", "renew-every: 300ms, aside-bytes-max: 128MiB }");
        port = rig.gateway(Map.of("bot", () -> bot), room).httpPort();
        measure("warm-up", false);
        var quiet = measure("quiet", false);
        System.out.println("filling");
        while (written < WAITING + 20_000) {
            post(HOT, 500);
        }
        rig.awaitThat(() -> rig.counter("bot.1:aside") >= WAITING, WAITING + " are set aside");
        var busy = measure("one page at " + TIMES + " times, " + rig.counter("bot.1:aside") + " waiting", true);
        var left = rig.counter("bot.1:aside");
        System.out.printf(
                "its neighbours' p99 is %.2f times the quiet one; %d wait at the end, %d done%n",
                busy / quiet, left, hot.get());
        return busy <= quiet * RATIO_MAX && left >= WAITING;
    }

    /** The neighbours write for a while; their p99 in ms. */
    private double measure(String name, boolean withHot) throws Exception {
        posted.clear();
        taken.clear();
        var perSecond = NEIGHBOURS * EACH_PER_SECOND;
        var events = (int) (MEASURED.toSeconds() * perSecond);
        var hotEvery = perSecond * HOT_BODY / (EACH_PER_SECOND * TIMES);
        var next = System.nanoTime();
        for (var i = 0; i < events; i++) {
            LockSupport.parkNanos(next - System.nanoTime());
            next += Duration.ofSeconds(1).toNanos() / perSecond;
            if (withHot && i % hotEvery == 0) {
                post(HOT, HOT_BODY);
            }
            post("6660001112223" + (10 + i % NEIGHBOURS), 1);
        }
        rig.awaitThat(() -> taken.size() == events, "all are taken");
        var millis = posted.entrySet().stream()
                .filter(of -> taken.containsKey(of.getKey()))
                .mapToDouble(of -> (taken.getOrDefault(of.getKey(), 0L) - of.getValue()) / 1e6)
                .sorted()
                .toArray();
        var p99 = millis[millis.length * 99 / 100];
        System.out.printf(
                "%s: %d events of neighbours, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                name,
                millis.length,
                millis[millis.length / 2],
                p99,
                Arrays.stream(millis).max().orElse(0));
        return p99;
    }

    private void post(String page, int events) throws Exception {
        var from = written;
        written += events;
        var body = PathRig.texts(page, IntStream.range(from, written), USERS);
        posted.put("m_" + from, System.nanoTime());
        var status = rig.post(port, body, SECRET).statusCode();
        if (status != 200) {
            throw new IllegalStateException("status " + status);
        }
    }
}
