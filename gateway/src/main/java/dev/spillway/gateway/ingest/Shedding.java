// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.stream.EventLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which notifications are refused when room gets scarce: always with 503, so that the platform sends them again.
 *
 * <p>From half full on, those with nothing but receipts and other apps' echoes, and those of pages with more than their
 * part, which would fill every partition for all others; when full, all. A notification is refused as a whole or not at
 * all, by the most important event in it. Threads: any.
 */
final class Shedding {
    private static final double SCARCE = 0.5;
    /** A page is hot only above this many times its fair share: alone, or one of two equals, it harms nobody. */
    private static final double FAIR_SHARES = 1.5;

    private final EventLog log;
    private final PageShares shares;

    Shedding(EventLog log, PageShares shares) {
        this.log = log;
        this.shares = shares;
    }

    /**
     * Why a notification must be refused, or null.
     *
     * @param settlesOurs it shows a reply of ours, which must not be shed
     */
    @Nullable
    Answer refusal(List<Event> events, boolean settlesOurs) {
        events.forEach(event -> shares.add(event.page()));
        if (log.fullness() < SCARCE) {
            return null;
        }
        var fullest = 0.0;
        var important = settlesOurs;
        var hot = false;
        for (var event : events) {
            var full = log.fullness(event.conversation());
            fullest = Math.max(fullest, full);
            important |= important(event.kind());
            hot |= full >= SCARCE && hot(event.page(), full);
        }
        if (fullest >= 1) {
            return Answer.STORE_FULL;
        }
        if (fullest < SCARCE || settlesOurs) {
            return null;
        }
        if (!important) {
            return Answer.SHED_RECEIPTS;
        }
        return hot ? Answer.SHED_HOT_PAGE : null;
    }

    private static boolean important(Kind kind) {
        return kind != Kind.DELIVERY && kind != Kind.READ && kind != Kind.ECHO;
    }

    // The less room there is, the smaller the share that is too large.
    private boolean hot(String page, double full) {
        return shares.share(page) > Math.max(1 - full, FAIR_SHARES / Math.max(1, shares.pages()));
    }
}
