// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import static java.util.Objects.requireNonNull;

import dev.spillway.gateway.messenger.Remedy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What the dispatcher measures. */
final class DispatchMetrics {
    private final Counter retries;
    private final Counter takenBack;
    private final Counter dead;
    private final Counter expired;
    private final Map<Remedy, Counter> refusals = new EnumMap<>(Remedy.class);
    private final Counter doubtMade;
    private final Counter doubtFound;
    private final Counter doubtSeen;
    private final Counter doubtResent;
    private final Counter doubtParked;

    DispatchMetrics(MeterRegistry registry) {
        retries = counter(registry, "retries", "Sends that surely did not leave and are tried again.");
        takenBack = counter(
                registry, "takenback", "Sends taken back before they left, since their permit or lease had run out.");
        dead = counter(registry, "dead.replies", "Replies that became dead letters.");
        expired = counter(registry, "expired", "Replies that were not sent since their window had closed.");
        for (var remedy : Remedy.values()) {
            refusals.put(
                    remedy,
                    Counter.builder("spillway.dispatch.refusals")
                            .description("Sends that the platform refused, by what that leads to.")
                            .tag(
                                    "remedy",
                                    remedy.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(registry));
        }
        doubtMade = counter(registry, "indoubt.made", "Sends of this process without a trustworthy answer.");
        doubtFound = counter(registry, "indoubt.found", "Sends that an earlier holder left in doubt.");
        doubtSeen = doubt(registry, "seen", "Doubts resolved, by how.");
        doubtResent = doubt(registry, "resent", "Doubts resolved, by how.");
        doubtParked = doubt(registry, "parked", "Doubts resolved, by how.");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("spillway.dispatch." + name)
                .description(description)
                .register(registry);
    }

    private static Counter doubt(MeterRegistry registry, String how, String description) {
        return Counter.builder("spillway.dispatch.indoubt.resolved")
                .description(description)
                .tag("how", how)
                .register(registry);
    }

    void retried() {
        retries.increment();
    }

    void takenBack() {
        takenBack.increment();
    }

    void dead() {
        dead.increment();
    }

    void refused(Remedy remedy) {
        requireNonNull(refusals.get(remedy)).increment();
    }

    void expired() {
        expired.increment();
    }

    void doubtMade() {
        doubtMade.increment();
    }

    void doubtFound() {
        doubtFound.increment();
    }

    void doubtSeen() {
        doubtSeen.increment();
    }

    void doubtResent() {
        doubtResent.increment();
    }

    void doubtParked() {
        doubtParked.increment();
    }
}
