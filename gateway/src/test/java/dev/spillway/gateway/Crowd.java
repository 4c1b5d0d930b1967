// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.sandbox.Delivered;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** People who write at an even pace while something breaks, and what must be true of their texts afterwards. */
final class Crowd {
    private static final int USERS = 40;

    private final PathRig rig;
    private final List<Future<Delivered>> said = new ArrayList<>();
    private final ConcurrentLinkedQueue<Long> acceptedNanos = new ConcurrentLinkedQueue<>();

    Crowd(PathRig rig) {
        this.rig = rig;
    }

    void write(int texts, Duration during) throws InterruptedException {
        for (var i = 0; i < texts; i++) {
            var text = rig.say("7" + said.size() % USERS, "text " + said.size());
            said.add(text.onSuccess(ignored -> acceptedNanos.add(System.nanoTime())));
            Thread.sleep(during.dividedBy(texts).toMillis());
        }
    }

    int size() {
        return said.size();
    }

    /** The longest time in which no webhook got 200. */
    Duration withoutService() {
        var longest = 0L;
        long before = Long.MAX_VALUE;
        for (var nanos : acceptedNanos.stream().sorted().toList()) {
            longest = Math.max(longest, nanos - before);
            before = nanos;
        }
        return Duration.ofNanos(longest);
    }

    /** The longest that a webhook was held before its 200. */
    Duration longestHold() {
        return Duration.ofMillis(
                said.stream().mapToLong(one -> one.result().millis()).max().orElse(0));
    }

    long refusals() {
        return said.stream().mapToLong(one -> one.result().attempts() - 1L).sum();
    }

    private List<String> missing() {
        var taken = new HashSet<>(rig.taken());
        return IntStream.range(0, said.size())
                .mapToObj(text -> "text " + text)
                .filter(text -> !taken.contains(text))
                .toList();
    }

    private String counters(String subscription) {
        return Stream.of(
                        "added",
                        subscription + ":base",
                        subscription + ":fin",
                        subscription + ":done",
                        "out",
                        "out-fin")
                .map(name -> name + " " + rig.counter(name))
                .collect(Collectors.joining(", "));
    }

    /** None is lost, each is answered once, and in order within its conversation. */
    void isAnsweredOnceAndInOrder(String subscription) {
        PathRig.await(Future.all(said));
        assertThat(said).allMatch(one -> one.result().accepted());
        try {
            rig.awaitTaken(said.size());
        } catch (AssertionError missing) {
            throw new AssertionError(
                    missing.getMessage() + "; missing " + missing() + "; " + counters(subscription), missing);
        }
        rig.awaitIdle(subscription);
        rig.assertTakenOnceAndInOrder(said.size());
        assertThat(rig.counter(subscription + ":done")).isEqualTo(said.size());
    }
}
