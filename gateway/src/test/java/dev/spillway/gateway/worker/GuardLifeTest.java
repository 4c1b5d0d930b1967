// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardLifeTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-12-24T00:00:00Z");

    private static Event event(Bucket bucket, Event.Mark.Source source) {
        var sample = WorkSamples.event(1, Kind.MESSAGE, "7001", false, new Event.Mark(source, null));
        return new Event(
                sample.key(),
                sample.app(),
                sample.channel(),
                sample.page(),
                sample.user(),
                sample.conversation(),
                sample.kind(),
                sample.standby(),
                sample.occurredAtMillis(),
                sample.receivedAtMillis(),
                bucket,
                sample.context(),
                sample.raw(),
                sample.mark());
    }

    private static boolean over(Bucket bucket, Instant now) {
        return GuardLife.mayBeOver(event(bucket, Event.Mark.Source.PLATFORM), now);
    }

    @ParameterizedTest
    @CsvSource({"MESSAGING,24", "CHANGE,48", "WHATSAPP,192"})
    void an_hour_is_remembered_for_the_life_of_its_class_from_its_end(Bucket.Life life, int hours) {
        var bucket = new Bucket(life, Bucket.Unit.HOUR, MIDNIGHT.getEpochSecond() / 3600);
        var end = MIDNIGHT.plus(Duration.ofHours(hours + 1));

        assertThat(over(bucket, MIDNIGHT)).isFalse();
        assertThat(over(bucket, end.minusMillis(1))).isFalse();
        assertThat(over(bucket, end)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"MESSAGING,24", "CHANGE,48", "WHATSAPP,192"})
    void a_day_is_remembered_for_the_life_of_its_class_from_its_end(Bucket.Life life, int hours) {
        var bucket = new Bucket(life, Bucket.Unit.DAY, MIDNIGHT.getEpochSecond() / 86_400);
        var end = MIDNIGHT.plus(Duration.ofHours(hours + 24));

        assertThat(over(bucket, end.minusMillis(1))).isFalse();
        assertThat(over(bucket, end)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Event.Mark.Source.class,
            names = {"REPLAY", "REDRIVEN"})
    void what_we_bring_in_again_on_purpose_is_no_copy(Event.Mark.Source source) {
        var bucket = new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, 0);

        assertThat(GuardLife.mayBeOver(event(bucket, source), MIDNIGHT)).isFalse();
    }

    @Test
    void a_repaired_event_is_judged_like_any_other() {
        var bucket = new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, 0);

        assertThat(GuardLife.mayBeOver(event(bucket, Event.Mark.Source.REPAIRED), MIDNIGHT))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
    void a_time_long_past_is_over_however_odd(long span) {
        assertThat(over(new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, span), MIDNIGHT))
                .isTrue();
        assertThat(over(new Bucket(Bucket.Life.CHANGE, Bucket.Unit.DAY, span), MIDNIGHT))
                .isTrue();
    }

    @Test
    void a_time_to_come_is_not_over_however_odd() {
        assertThat(over(new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, Long.MAX_VALUE), MIDNIGHT))
                .isFalse();
        assertThat(over(new Bucket(Bucket.Life.CHANGE, Bucket.Unit.DAY, Long.MAX_VALUE), MIDNIGHT))
                .isFalse();
    }
}
