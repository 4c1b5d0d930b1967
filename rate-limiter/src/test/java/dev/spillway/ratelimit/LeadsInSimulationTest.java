// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Permits that come ahead of their instant, because there is work to do before the use. */
class LeadsInSimulationTest {
    private static final Limit TEXT = Limit.hard("text", 300, ofSeconds(1));
    private static final Policy POLICY = Policy.of(1, Map.of("text", List.of(TEXT)));
    private static final Duration LEAD = ofMillis(20);

    private final List<SimNode.Use> uses = new ArrayList<>();
    private final SimTime time = new SimTime();
    private final Random random = new Random(5);
    private final SimKeeper keeper = new SimKeeper(time, random);

    @Test
    void a_permit_comes_ahead_of_its_instant_and_is_good_from_it_on() {
        var limiter = node(POLICY).limiter;
        var permit = acquired(limiter.acquire(request("c").withLead(LEAD)));

        assertThat(permit.isValid()).isFalse();
        assertThat(permit.dueIn()).isBetween(ofMillis(15), LEAD);
        time.runFor(permit.dueIn());
        assertThat(permit.isValid()).isTrue();
        assertThat(permit.dueIn()).isZero();
        assertThat(permit.voidIn()).isBetween(ofMillis(10), ofMillis(15));
        time.runFor(permit.voidIn().plusNanos(1));
        assertThat(permit.isValid()).isFalse();
        assertThat(permit.voidIn()).isZero();
    }

    @Test
    void a_permit_that_is_not_needed_goes_back_even_if_it_was_the_last_of_its_batch() {
        var slow = Policy.of(1, Map.of("text", List.of(new Limit("slow", 1, ofSeconds(10), 1, Mode.NOMINAL))));
        var limiter = node(slow).limiter;
        acquired(limiter.acquire(request("a").withLead(LEAD))).release();
        time.runFor(ofMillis(5));

        assertThat(acquired(limiter.acquire(request("b").withLead(LEAD))).dueIn())
                .isLessThanOrEqualTo(LEAD);
    }

    /** The same limit, rate and fairness as for work that is done at once; none of the work is in vain. */
    @Test
    void backlogged_nodes_with_work_before_each_use_use_the_whole_rate() {
        var nodes = new ArrayList<SimNode>();
        for (int i = 0; i < 8; i++) {
            var node = node(POLICY);
            node.lead = LEAD;
            node.backlog(40, "text", ofSeconds(5));
            nodes.add(node);
        }

        time.runFor(ofSeconds(30));

        assertThat(SimNode.worst(uses, Ticks.PER_SECOND)).isLessThanOrEqualTo(300);
        assertThat(uses.size() / 30.0).as("of 283.5 a second").isGreaterThan(0.98 * 283.5);
        assertThat(nodes.stream().mapToLong(node -> node.late).sum()).isLessThan(uses.size() / 1_000);
    }

    /** What it is for: without a lead most of this work would find its permit void. */
    @Test
    void work_as_long_as_the_lead_finds_its_permit_good() {
        var with = voidAfterWork(LEAD);
        var without = voidAfterWork(Duration.ZERO);

        assertThat(with).isZero();
        assertThat(without).as("of 200").isGreaterThan(150);
    }

    private int voidAfterWork(Duration lead) {
        var limiter = node(POLICY).limiter;
        var found = 0;
        for (int i = 0; i < 200; i++) {
            var permit = acquired(limiter.acquire(request("c" + i).withLead(lead)));
            time.runFor(LEAD);
            found += permit.isValid() ? 0 : 1;
            permit.complete(new SendOutcome.Delivered());
            time.runFor(ofMillis(random.nextInt(100)));
        }
        return found;
    }

    @Test
    void a_conversations_own_pace_counts_from_the_instant_of_use() {
        var policy = POLICY.withPerConversation(new Limit("thread", 10, ofSeconds(1), 1, Mode.HARD, ofMillis(30)));
        var limiter = node(policy).limiter;
        var used = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            again(limiter, used);
        }

        time.runFor(ofSeconds(10));

        assertThat(Windows.worst(used, ofSeconds(1).toNanos())).isLessThanOrEqualTo(10);
        assertThat(used.size()).as("of 9.71 a second").isGreaterThan(92);
    }

    private void again(RateLimiter limiter, List<Long> used) {
        limiter.acquire(request("one").withLead(LEAD)).thenAccept(permit -> useWhenDue(limiter, permit, used));
    }

    private void useWhenDue(RateLimiter limiter, Permit permit, List<Long> used) {
        if (permit.dueIn().isZero()) {
            if (permit.isValid()) {
                used.add(time.nanos());
            }
            permit.complete(new SendOutcome.Delivered());
            again(limiter, used);
        } else {
            time.in(permit.dueIn().toNanos(), () -> useWhenDue(limiter, permit, used));
        }
    }

    /** Without the store the safe share has leads too. */
    @Test
    void the_safe_share_is_handed_out_ahead_as_well() {
        var node = node(POLICY);
        node.lead = LEAD;
        node.backlog(20, "text", ofSeconds(2));
        time.runFor(ofSeconds(2));
        keeper.down = true;
        time.runFor(ofSeconds(1));
        var before = uses.size();

        time.runFor(ofSeconds(10));

        assertThat((double) (uses.size() - before)).isBetween(0.8 * 1_417, 1_420.0);
    }

    @Test
    void an_estimate_says_when_and_takes_nothing() {
        var slow = Policy.of(1, Map.of("text", List.of(new Limit("slow", 1, ofSeconds(10), 1, Mode.NOMINAL))));
        var limiter = node(slow).limiter;

        assertThat(estimated(limiter)).isEqualTo(new Estimate(Duration.ZERO, ""));
        assertThat(estimated(limiter)).as("it took nothing").isEqualTo(new Estimate(Duration.ZERO, ""));
        acquired(limiter.acquire(request("c")));
        assertThat(estimated(limiter).limitId()).isEqualTo("slow");
        assertThat(estimated(limiter).delay()).isBetween(ofMillis(9_900), ofMillis(10_000));
    }

    private Estimate estimated(RateLimiter limiter) {
        var estimate = limiter.estimate(request("c")).toCompletableFuture();
        time.runFor(ofMillis(5));
        return estimate.join();
    }

    private SimNode node(Policy policy) {
        var node = new SimNode(
                time, random, new SimLane(time, 0, 77), keeper.link(), scope -> policy, NodeSettings.DEFAULT, uses);
        time.runFor(ofMillis(300));
        return node;
    }

    private static AcquireRequest request(String conversation) {
        return AcquireRequest.of(Laws.SCOPE, "text", conversation, ofSeconds(2));
    }

    private Permit acquired(CompletionStage<Permit> stage) {
        var future = stage.toCompletableFuture();
        for (int i = 0; i < 2_000 && !future.isDone(); i++) {
            time.runFor(Duration.ofMillis(1));
        }
        return future.join();
    }
}
