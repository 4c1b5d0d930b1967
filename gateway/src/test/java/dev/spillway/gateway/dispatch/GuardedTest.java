// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.graph.Answer;
import dev.spillway.gateway.graph.Outcome;
import dev.spillway.gateway.graph.Usage;
import dev.spillway.gateway.messenger.Channel;
import dev.spillway.gateway.messenger.RawJson;
import dev.spillway.gateway.messenger.Remedy;
import dev.spillway.gateway.stream.ReplyId;
import dev.spillway.gateway.stream.ReplyRecord;
import dev.spillway.ratelimit.BreakerKey;
import dev.spillway.ratelimit.BreakerSnapshot;
import dev.spillway.ratelimit.CircuitBreakerCoordinator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class GuardedTest {
    private final List<String> asked = new ArrayList<>();
    private final Breakers breakers = new Breakers();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long nowNanos = 1;
    private final Guarded guarded = new Guarded(
            reply -> {
                asked.add(reply.page());
                return Future.succeededFuture(new Pace.Word.Granted(new Free()));
            },
            breakers,
            "graph",
            () -> nowNanos,
            registry);

    /** Breakers that do as they are told. */
    private static final class Breakers implements CircuitBreakerCoordinator {
        private final Map<String, Entry> entries = new HashMap<>();
        private final List<String> words = new ArrayList<>();

        @Override
        public Entry tryEnter(BreakerKey key) {
            return entries.getOrDefault(key.name(), new Entry.Entered(0, false));
        }

        @Override
        public void record(BreakerKey key, Entry.Entered entry, Result result, Duration took) {
            if (result != Result.ABANDONED || entry.probe()) {
                words.add(key.name() + " " + result + (entry.probe() ? " probe" : ""));
            }
        }

        @Override
        public CompletionStage<Void> forceOpen(BreakerKey key, Duration time) {
            words.add(key.name() + " OPEN " + time.toSeconds());
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> forceClosed(BreakerKey key, Duration time) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<BreakerSnapshot> notable() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** A permit that holds for ever. */
    private static final class Free implements Pace.Permit {
        @Override
        public boolean spend() {
            return true;
        }

        @Override
        public Duration dueIn() {
            return Duration.ZERO;
        }

        @Override
        public boolean isVoid() {
            return false;
        }

        @Override
        public Future<Void> renewed() {
            return Future.succeededFuture();
        }

        @Override
        public boolean isProbe() {
            return false;
        }

        @Override
        public void used(Answer answer) {}

        @Override
        public void release() {}
    }

    private static ReplyRecord reply(String page) {
        return new ReplyRecord(
                new ReplyId(0, "r"),
                "demo",
                Channel.MESSENGER,
                page,
                "7001",
                1,
                Long.MAX_VALUE,
                ReplyRecord.InDoubt.RESEND,
                RawJson.of("{}"));
    }

    private Pace.Word word(String page) {
        return guarded.permit(reply(page)).result();
    }

    private Pace.Permit granted(String page) {
        return ((Pace.Word.Granted) word(page)).permit();
    }

    private void call(String page, Outcome outcome) {
        var permit = granted(page);
        assertThat(permit.spend()).isTrue();
        permit.used(new Answer(outcome, Usage.UNKNOWN));
    }

    private static Outcome refused(Remedy remedy) {
        return new Outcome.Refused(400, null, remedy);
    }

    @Test
    void what_is_taken_is_a_success_of_all() {
        call("1", new Outcome.Sent("m"));

        assertThat(breakers.words).containsExactly("host:graph SUCCEEDED", "app:demo SUCCEEDED", "page:1 SUCCEEDED");
    }

    @Test
    void no_connection_and_no_answer_are_the_hosts_fault_alone() {
        call("1", new Outcome.NotSent("ConnectException", false));
        call("1", new Outcome.InDoubt("TimeoutException", false));

        assertThat(breakers.words).containsExactly("host:graph FAILED", "host:graph FAILED");
    }

    @Test
    void no_place_in_our_own_pool_is_nobodys_fault() {
        call("1", new Outcome.NotSent("ConnectionPoolTooBusyException", true));

        assertThat(breakers.words).isEmpty();
    }

    @Test
    void the_platforms_own_failure_is_the_pages_and_a_throttle_is_nobodys() {
        call("1", refused(Remedy.RETRY));
        call("1", refused(Remedy.PAUSE_PAGE));
        call("1", refused(Remedy.DROP));

        assertThat(breakers.words)
                .containsExactly(
                        "host:graph SUCCEEDED",
                        "app:demo SUCCEEDED",
                        "page:1 FAILED",
                        "host:graph SUCCEEDED",
                        "host:graph SUCCEEDED",
                        "app:demo SUCCEEDED",
                        "page:1 SUCCEEDED");
    }

    @Test
    void an_open_breaker_costs_no_permit_and_shows() {
        var early = granted("1");
        breakers.entries.put("page:1", new CircuitBreakerCoordinator.Entry.Refused(Duration.ofSeconds(4)));

        assertThat(early.spend()).as("it opened while the reply was journaled").isFalse();
        assertThat(word("1")).isInstanceOf(Pace.Word.NotYet.class);
        assertThat(asked).containsExactly("1");
        assertThat(registry.get("spillway.dispatch.breakers.open")
                        .tag("of", "page")
                        .gauge()
                        .value())
                .isEqualTo(1);

        assertThat(granted("2").spend()).as("another page").isTrue();
    }

    @Test
    void one_probe_goes_ahead_and_the_others_wait_for_it() {
        var early = granted("1");
        breakers.entries.put("host:graph", new CircuitBreakerCoordinator.Entry.Refused(Duration.ofSeconds(4)));
        assertThat(early.spend()).isFalse();
        breakers.entries.put("host:graph", new CircuitBreakerCoordinator.Entry.Entered(1, true));

        assertThat(word("1")).as("it is not yet time").isInstanceOf(Pace.Word.NotYet.class);
        nowNanos += Duration.ofSeconds(5).toNanos();
        var probe = granted("1");
        assertThat(word("2")).isInstanceOf(Pace.Word.NotYet.class);

        assertThat(probe.spend()).isTrue();
        assertThat(probe.isProbe()).isTrue();
        assertThat(word("2")).isInstanceOf(Pace.Word.NotYet.class);
        probe.used(new Answer(new Outcome.Sent("m"), Usage.UNKNOWN));
        assertThat(breakers.words).contains("host:graph SUCCEEDED probe");

        breakers.entries.remove("host:graph");
        nowNanos += Duration.ofSeconds(1).toNanos();
        assertThat(granted("2").spend()).isTrue();
        assertThat(granted("1").spend()).isTrue();
        assertThat(registry.get("spillway.dispatch.breakers.open")
                        .tag("of", "host")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void a_probe_that_is_not_spent_in_time_is_given_back() {
        var early = granted("1");
        breakers.entries.put("host:graph", new CircuitBreakerCoordinator.Entry.Refused(Duration.ofSeconds(4)));
        assertThat(early.spend()).isFalse();
        breakers.entries.put("host:graph", new CircuitBreakerCoordinator.Entry.Entered(1, true));
        nowNanos += Duration.ofSeconds(5).toNanos();
        granted("1");

        nowNanos += Duration.ofSeconds(5).toNanos();
        assertThat(granted("2").spend()).isTrue();
        assertThat(breakers.words).containsExactly("host:graph ABANDONED probe");
    }

    @Test
    void spent_calls_of_the_app_rest_all_its_pages_longer_each_time() {
        var beside = granted("2");
        call("1", refused(Remedy.PAUSE_APP));
        assertThat(breakers.words).endsWith("app:demo OPEN 60");

        assertThat(beside.spend()).isFalse();
        assertThat(word("3")).isInstanceOf(Pace.Word.NotYet.class);

        breakers.entries.put("app:demo", new CircuitBreakerCoordinator.Entry.Entered(2, true));
        nowNanos += Duration.ofSeconds(61).toNanos();
        call("3", refused(Remedy.PAUSE_APP));
        assertThat(breakers.words).endsWith("app:demo OPEN 120");
        assertThat(word("1")).isInstanceOf(Pace.Word.NotYet.class);
    }
}
