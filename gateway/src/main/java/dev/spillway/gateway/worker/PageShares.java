// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How much of a window each page has in hand, and whether there are other pages at all. Owned by one context. */
final class PageShares {
    private static final long SEEN_FOR = Duration.ofMinutes(5).toNanos();

    private static final class Share {
        private int inHand;
        private int busy;
    }

    private final LongSupplier nanoClock;
    private final Map<String, Share> shares = new HashMap<>();
    private int inHand;

    private String last = "";
    private @Nullable Long changedNanos;

    PageShares(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    void queued(String page) {
        shares.computeIfAbsent(page, ignored -> new Share()).inHand++;
        inHand++;
        if (!page.equals(last)) {
            if (!last.isEmpty()) {
                changedNanos = nanoClock.getAsLong();
            }
            last = page;
        }
    }

    void busy(String page) {
        of(page).busy++;
    }

    void waits(String page) {
        of(page).busy--;
    }

    void committed(String page) {
        of(page).busy--;
        gone(page, 1);
    }

    /** So many are in hand no more. */
    void gone(String page, int events) {
        var share = of(page);
        share.inHand -= events;
        inHand -= events;
        if (share.inHand == 0) {
            shares.remove(page);
        }
    }

    private Share of(String page) {
        var share = shares.get(page);
        if (share == null) {
            throw new IllegalStateException("nothing of this page is in hand");
        }
        return share;
    }

    /** Whether none of a page's events is with the bot or being committed. */
    boolean isIdle(String page) {
        var share = shares.get(page);
        return share == null || share.busy == 0;
    }

    /** Whether events of more than one page came lately: where a page is alone nobody waits behind it. */
    boolean severalPages() {
        return changedNanos != null && nanoClock.getAsLong() - changedNanos < SEEN_FOR;
    }

    /** The page that has more than half of what is in hand, or null. */
    @Nullable
    String overHalf() {
        return shares.entrySet().stream()
                .filter(of -> of.getValue().inHand * 2 > inHand)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}
