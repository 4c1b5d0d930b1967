// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.messenger.Remedy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that a page needs someone, and not again for each reply that meets the same answer. Holds one entry a
 * configured page. Threads: owned by one context.
 */
final class Alerts {
    private static final Logger log = LoggerFactory.getLogger(Alerts.class);
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private final LongSupplier nanoClock;
    private final Map<String, Long> saidNanos = new HashMap<>();

    Alerts(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    void raise(String page, Remedy remedy, String why) {
        var now = nanoClock.getAsLong();
        var said = saidNanos.get(page);
        if (said == null || now - said > SILENCE.toNanos()) {
            saidNanos.put(page, now);
            log.atError()
                    .addKeyValue("page", page)
                    .addKeyValue("error", why)
                    .addKeyValue(
                            "remedy", remedy.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .log("The platform takes nothing from this page until someone does something about it");
        }
    }
}
