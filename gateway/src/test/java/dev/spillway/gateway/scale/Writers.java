// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.scale;

import dev.spillway.gateway.messenger.Signature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * People who write at an even pace, in turn. The next text of a person goes out when the one before was acknowledged; what
 * gets no 200 is posted again, the same bytes. As the platform may, one notification in sixteen is posted twice, the second
 * time so much later that another worker may have taken over, who knows it by the once-guard alone.
 */
final class Writers {
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final String PAGE = "100200300400500";
    private static final int LANES = 2;
    private static final int TWICE_EVERY = 16;
    private static final Duration TWICE_AFTER = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Signature signature = new Signature(List.of(SECRET.getBytes(StandardCharsets.US_ASCII)));
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI webhook;
    private final ScalePlan plan;
    private final AtomicIntegerArray acknowledged;
    private final List<Thread> lanes = new ArrayList<>();
    private volatile boolean stopping;

    private Writers(int httpPort, ScalePlan plan) {
        this.webhook = URI.create("http://127.0.0.1:" + httpPort + "/webhooks/demo");
        this.plan = plan;
        this.acknowledged = new AtomicIntegerArray(plan.conversations());
    }

    static Writers start(int httpPort, ScalePlan plan) {
        var writers = new Writers(httpPort, plan);
        for (var lane = 0; lane < LANES; lane++) {
            var which = lane;
            var thread = new Thread(() -> writers.write(which), "writers-" + lane);
            writers.lanes.add(thread);
            thread.start();
        }
        return writers;
    }

    /** How many texts of this conversation were acknowledged; they are numbered from 0. */
    int acknowledged(int conversation) {
        return acknowledged.get(conversation);
    }

    /** Texts of all. */
    long acknowledged() {
        var all = 0L;
        for (var conversation = 0; conversation < acknowledged.length(); conversation++) {
            all += acknowledged.get(conversation);
        }
        return all;
    }

    /** Ends when what is under way is acknowledged. */
    void stop() throws InterruptedException {
        stopping = true;
        for (var lane : lanes) {
            lane.join();
        }
        http.close();
    }

    // Each lane has its own people, so that only one post at a time holds a person's texts.
    private void write(int lane) {
        var everyNanos = 1_000_000_000L * plan.eventsPerPost() * LANES / plan.eventsPerSecond();
        var people = plan.conversations() / LANES;
        var next = System.nanoTime();
        var at = 0;
        var copies = new ArrayDeque<Copy>();
        for (var post = 0; !stopping; post++) {
            LockSupport.parkNanos(next - System.nanoTime());
            next += everyNanos;
            var who = new int[plan.eventsPerPost()];
            for (var i = 0; i < who.length; i++) {
                who[i] = at * LANES + lane;
                at = (at + 1) % people;
            }
            var body = body(who);
            while (!isTaken(body)) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
            for (var conversation : who) {
                acknowledged.incrementAndGet(conversation);
            }
            if (post % TWICE_EVERY == 0) {
                copies.add(new Copy(System.nanoTime() + TWICE_AFTER.toNanos(), body));
            }
            var due = copies.peek();
            if (due != null && System.nanoTime() > due.dueNanos()) {
                copies.remove();
                isTaken(due.body());
            }
        }
    }

    private record Copy(long dueNanos, byte[] body) {}

    private byte[] body(int[] who) {
        var now = System.currentTimeMillis();
        var items = new ArrayList<String>();
        for (var conversation : who) {
            var number = acknowledged.get(conversation);
            items.add("""
                {"sender":{"id":"7%06d"},"recipient":{"id":"%s"},"timestamp":%d,"message":{"mid":"m_%d_%d","text":"%d %d"}}\
                """.formatted(conversation, PAGE, now, conversation, number, conversation, number));
        }
        return """
            {"object":"page","entry":[{"id":"%s","time":%d,"messaging":[%s]}]}\
            """.formatted(PAGE, now, String.join(",", items)).getBytes(StandardCharsets.UTF_8);
    }

    private boolean isTaken(byte[] body) {
        try {
            var request = HttpRequest.newBuilder(webhook)
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .header("X-Hub-Signature-256", signature.sign(0, body))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException unanswered) {
            return false;
        } catch (InterruptedException leaving) {
            throw new IllegalStateException(leaving);
        }
    }
}
