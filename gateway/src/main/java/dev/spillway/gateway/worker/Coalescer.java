// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Joins the messages that a person sends in quick succession, so that the bot is asked once for all of them.
 *
 * <p>They are joined until the person was quiet for some time, but the first waits four times as long at most. What failed
 * once is run alone from then on, so that a message that no bot can bear takes no other along. Owned by one context.
 */
final class Coalescer {
    private static final int MESSAGES_MAX = 16;
    private static final int QUIETS_MAX = 4;

    /** What is read from a stream in one go is queued within this time, one after the other. */
    private static final Duration READ = Duration.ofMillis(1);

    private final Duration quiet;
    private final InstantSource clock;
    private final LongSupplier nanoClock;

    /** {@code quiet}: zero joins nothing. */
    Coalescer(Duration quiet, InstantSource clock, LongSupplier nanoClock) {
        this.quiet = quiet;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    boolean isOn() {
        return !quiet.isZero();
    }

    /** What of a conversation is run together: its first, and what joins it right behind. */
    List<Work> group(Iterable<Work> conversation) {
        var group = new ArrayList<Work>();
        for (var work : conversation) {
            if (!group.isEmpty() && !(joins(group.getFirst(), work) && group.size() < MESSAGES_MAX)) {
                break;
            }
            group.add(work);
        }
        return group;
    }

    /** How long more may join a group that is all there is of its conversation; zero or less if none may. */
    Duration wait(List<Work> group) {
        var first = group.getFirst();
        if (group.size() == MESSAGES_MAX || !joins(first, first)) {
            return Duration.ZERO;
        }
        var last = group.getLast();
        var now = nanoClock.getAsLong();
        var sinceQueued = Duration.ofNanos(now - last.queuedNanos());
        var sinceReceived = Duration.ofMillis(clock.millis() - last.event().receivedAtMillis());
        var left = quiet.minus(longer(sinceQueued, sinceReceived));
        var most = quiet.multipliedBy(QUIETS_MAX).minusNanos(now - first.queuedNanos());
        return longer(left.compareTo(most) < 0 ? left : most, READ.minus(sinceQueued));
    }

    private static boolean joins(Work first, Work next) {
        return isFreshMessage(first)
                && isFreshMessage(next)
                && first.event().mark().source() == next.event().mark().source();
    }

    private static boolean isFreshMessage(Work work) {
        return work.attempts() == 0 && work.event().kind() == Kind.MESSAGE;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
