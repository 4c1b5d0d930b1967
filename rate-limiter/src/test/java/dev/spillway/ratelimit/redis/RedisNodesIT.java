// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.ratelimit.AcquireRequest;
import dev.spillway.ratelimit.Limit;
import dev.spillway.ratelimit.Mode;
import dev.spillway.ratelimit.NodeRateLimiter;
import dev.spillway.ratelimit.NodeSettings;
import dev.spillway.ratelimit.Permit;
import dev.spillway.ratelimit.Policy;
import dev.spillway.ratelimit.RateLimitExceededException;
import dev.spillway.ratelimit.RateLimiter;
import dev.spillway.ratelimit.RateLimiterSnapshot;
import dev.spillway.ratelimit.Scope;
import dev.spillway.ratelimit.SendOutcome;
import dev.spillway.ratelimit.ThrottleSignal;
import dev.spillway.ratelimit.Windows;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Nodes with their own threads and connections on a real Redis. */
class RedisNodesIT extends NodesOnRedis {
    private static final Scope PAGE = new Scope("p:42");
    private static final Policy POLICY = Policy.of(1, Map.of("text", List.of(Limit.hard("text", 300, ofSeconds(1)))));
    // Generous: the machine is shared, and these tests are not about speed.
    private static final Settings SETTINGS = Settings.DEFAULT.withCommandTimeout(ofSeconds(5));

    RedisNodesIT() {
        super(ofSeconds(20));
    }

    @Test
    void one_node_grants_and_refuses_with_a_reason() {
        var limiter = node(POLICY);

        var permit = acquire(limiter, ofSeconds(5));

        assertThat(permit.isValid()).isTrue();
        permit.complete(new SendOutcome.Delivered());
        // A unit stays good for long, so that a busy machine does not lose the only one.
        var hourly = new Limit("hourly", 1, Duration.ofHours(1), 1, Mode.HARD, Duration.ofMinutes(2));
        var slow = Policy.of(1, Map.of("text", List.of(hourly)));
        var strict = node(slow);
        acquire(strict, new Scope("p:43"), ofSeconds(5));
        assertThatThrownBy(() -> acquire(strict, new Scope("p:43"), ofSeconds(5)))
                .isInstanceOfSatisfying(RateLimitExceededException.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(RateLimitExceededException.Reason.LIMIT);
                    assertThat(refusal.limitId()).isEqualTo("hourly");
                    assertThat(refusal.retryAfter()).isGreaterThan(Duration.ofMinutes(50));
                });
    }

    @Test
    void eight_nodes_together_never_pass_the_limit_in_any_second() {
        var uses = new ConcurrentLinkedQueue<Long>();
        var until = System.nanoTime() + ofSeconds(4).toNanos();
        var callers = new ArrayList<Thread>();
        for (int n = 0; n < 8; n++) {
            var limiter = node(POLICY);
            for (int c = 0; c < 4; c++) {
                callers.add(Thread.ofVirtual().start(() -> useUp(limiter, uses, until)));
            }
        }
        callers.forEach(RedisNodesIT::join);

        assertThat(Windows.worst(List.copyOf(uses), ofSeconds(1).toNanos())).isLessThanOrEqualTo(300);
        assertThat(uses.size()).as("a busy machine loses some, not most").isGreaterThan(500);
    }

    @Test
    void a_pause_reaches_the_other_node() {
        var one = node(POLICY);
        var other = node(POLICY);
        acquire(one, ofSeconds(5));
        var held = acquire(other, ofSeconds(5));

        one.onSignal(new ThrottleSignal.Pause(PAGE, Duration.ofMinutes(1)));

        await(() -> !held.isValid());
        await(() -> !other.snapshot(PAGE).pause().isZero() || refusedAsPaused(other));
    }

    @Test
    void a_restart_of_redis_only_reloads_the_scripts() {
        var limiter = node(POLICY);
        acquire(limiter, ofSeconds(5));

        redis.kill();
        redis.startAgain();

        await(() -> granted(limiter));
    }

    /** I14 on a real socket: a frozen Redis answers nothing and refuses nothing. */
    @Test
    void a_frozen_redis_leaves_the_safe_share() {
        var limiter = node(POLICY, Settings.DEFAULT);
        await(() -> granted(limiter));

        redis.signal("STOP");
        try {
            await(() -> limiter.snapshot(PAGE).store() == RateLimiterSnapshot.StoreState.DEGRADED);
            await(() -> granted(limiter));
        } finally {
            redis.signal("CONT");
        }

        await(() -> limiter.snapshot(PAGE).store() == RateLimiterSnapshot.StoreState.CONNECTED);
        await(() -> granted(limiter));
    }

    private static boolean granted(RateLimiter limiter) {
        try {
            return acquire(limiter, ofSeconds(1)).isValid();
        } catch (RateLimitExceededException e) {
            return false;
        }
    }

    @Test
    void a_cancelled_wait_leaves_the_line() {
        var limiter = node(Policy.of(1, Map.of("text", List.of(Limit.hard("slow", 1, Duration.ofSeconds(20))))));
        acquire(limiter, ofSeconds(5));
        var waits = limiter.acquire(AcquireRequest.of(PAGE, "text", "c", Duration.ofMinutes(2)))
                .toCompletableFuture();
        await(() -> limiter.snapshot(PAGE).waiting() == 1);

        waits.cancel(false);

        await(() -> limiter.snapshot(PAGE).waiting() == 0);
    }

    private static boolean refusedAsPaused(RateLimiter limiter) {
        try {
            acquire(limiter, Duration.ofMillis(100));
            return false;
        } catch (RateLimitExceededException e) {
            return e.reason() == RateLimitExceededException.Reason.PAUSED;
        }
    }

    private static void useUp(RateLimiter limiter, ConcurrentLinkedQueue<Long> uses, long until) {
        while (System.nanoTime() - until < 0) {
            try {
                var permit = acquire(limiter, ofSeconds(2));
                var now = System.nanoTime();
                if (permit.isValid()) {
                    uses.add(now);
                    permit.complete(new SendOutcome.Delivered());
                } else {
                    permit.release();
                }
            } catch (RateLimitExceededException e) {
                Thread.onSpinWait();
            }
        }
    }

    private NodeRateLimiter node(Policy policy) {
        return node(policy, SETTINGS);
    }

    private NodeRateLimiter node(Policy policy, Settings settings) {
        var store = RedisLeaseStore.connect(resources, redis.uri(), settings);
        open.add(store);
        var limiter = NodeRateLimiter.start(store, scope -> policy, NodeSettings.DEFAULT, new SimpleMeterRegistry());
        open.add(limiter);
        return limiter;
    }

    private static Permit acquire(RateLimiter limiter, Duration maxWait) {
        return acquire(limiter, PAGE, maxWait);
    }

    private static Permit acquire(RateLimiter limiter, Scope scope, Duration maxWait) {
        try {
            return limiter.acquire(AcquireRequest.of(scope, "text", "c", maxWait))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RateLimitExceededException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
