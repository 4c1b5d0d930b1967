// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static dev.spillway.ratelimit.Laws.NOW;
import static dev.spillway.ratelimit.Laws.SCOPE;
import static dev.spillway.ratelimit.Laws.millis;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.ratelimit.LeaseReply.Cause;
import dev.spillway.ratelimit.LeaseReply.Granted;
import dev.spillway.ratelimit.LeaseReply.Refused;
import dev.spillway.ratelimit.Report.Kind;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private static final Tariff TARIFF = Laws.tariff(Limit.hard("text", 300, ofSeconds(1)));

    private final Map<String, Long> state = new HashMap<>();
    private long now = NOW;

    @Test
    void a_thousand_errors_of_one_burst_lower_the_rate_once() {
        for (int i = 0; i < 1_000; i++) {
            now += millis(100) / 1_000;
            report(Kind.THROTTLED, millis(1_000), 0);
        }

        var status = report(Kind.THROTTLED, millis(1_000), 0);
        assertThat(status.changed()).isFalse();
        assertThat(status.epoch()).isEqualTo(1);
        assertThat(status.factor()).isEqualTo(700);
        assertThat(status.pauseTicks()).isBetween(millis(890), millis(1_000));
    }

    @Test
    void pauses_double_while_no_probe_succeeds_and_end_at_fifteen_minutes() {
        var pauses = new long[20];
        for (int epoch = 0; epoch < 20; epoch++) {
            pauses[epoch] = report(Kind.THROTTLED, millis(60_000), epoch).pauseTicks();
            now += pauses[epoch];
        }

        assertThat(pauses[0]).isEqualTo(millis(60_000));
        assertThat(pauses[1]).isEqualTo(millis(120_000));
        assertThat(pauses[19]).isEqualTo(millis(900_000));
        assertThat(report(Kind.GUARDED, 1_000, 0).factor()).as("the floor").isEqualTo(20);
    }

    @Test
    void after_a_pause_one_probe_decides() {
        report(Kind.PAUSED, millis(5_000), 0);
        assertThat(cause()).isEqualTo(Cause.PAUSED);

        now += millis(5_000);
        var probe = (Granted) ask();
        assertThat(probe.probe()).isTrue();
        assertThat(probe.n()).isEqualTo(1);
        assertThat(cause()).isEqualTo(Cause.PROBING);

        report(Kind.PROBE_SUCCEEDED, 0, 0);
        now += millis(100);
        assertThat(((Granted) ask()).standing().factor()).isEqualTo(100);
    }

    @Test
    void a_probe_that_nobody_answers_for_is_given_to_another_node_after_ten_seconds() {
        report(Kind.PAUSED, millis(1_000), 0);
        now += millis(1_000);
        ask();

        now += millis(9_999);
        assertThat(cause()).isEqualTo(Cause.PROBING);
        now += millis(1);
        assertThat(((Granted) ask()).probe()).isTrue();
    }

    @Test
    void only_the_node_that_probes_ends_the_pause() {
        report(Kind.PAUSED, millis(1_000), 0);
        now += millis(1_000);
        ask();

        ScopeLaw.report(state, now, new Report(SCOPE, 8, Kind.PROBE_SUCCEEDED, 0, 0));

        assertThat(cause()).isEqualTo(Cause.PROBING);
    }

    /** I12: the rate comes back within a minute of use, and not while idle. */
    @Test
    void a_used_rate_recovers_within_a_minute_and_an_idle_one_does_not() {
        report(Kind.THROTTLED, 0, 0);
        now += millis(120_000);
        ask();
        assertThat(factor()).isEqualTo(700);

        var used = now;
        while (factor() < 1_000) {
            now += millis(3);
            ask();
            assertThat(now - used).isLessThan(millis(60_000));
        }
        assertThat(now - used).isGreaterThan(millis(5_000));
        assertThat(state).doesNotContainKeys("f", "fm", "f0", "fa", "fs", "fu");
    }

    @Test
    void usage_slows_down_before_any_error_and_fades_within_an_hour() {
        assertThat(report(Kind.GUARDED, UsageGuard.factor(95), 0).factor()).isEqualTo(100);

        now += millis(1_800_000);
        assertThat(factor()).isEqualTo(600);
        now += millis(1_800_000);
        assertThat(factor()).isEqualTo(1_000);
    }

    @Test
    void the_guard_falls_with_usage() {
        assertThat(UsageGuard.factor(Double.NaN)).isEqualTo(1_000);
        assertThat(UsageGuard.factor(70)).isEqualTo(1_000);
        assertThat(UsageGuard.factor(82.5)).isEqualTo(550);
        assertThat(UsageGuard.factor(100)).isEqualTo(20);
        for (var percent = 0.0; percent < 130; percent += 0.1) {
            assertThat(UsageGuard.factor(percent + 0.1)).isLessThanOrEqualTo(UsageGuard.factor(percent));
        }
    }

    private ScopeStatus report(Kind kind, long value, long epochSeen) {
        return ScopeLaw.report(state, now, new Report(SCOPE, 7, kind, value, epochSeen));
    }

    private LeaseReply ask() {
        return ScopeLaw.acquire(state, now, Laws.ask(TARIFF, 1, 1, ZERO));
    }

    private Cause cause() {
        return ((Refused) ask()).cause();
    }

    private long factor() {
        return ScopeLaw.acquire(Map.copyOf(state), now, Laws.ask(TARIFF, 50_000, 50_000, ZERO))
                .standing()
                .factor();
    }
}
