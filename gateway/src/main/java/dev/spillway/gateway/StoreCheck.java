// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.ops.Check;
import dev.spillway.gateway.ops.Health;
import dev.spillway.gateway.stream.RedisStore;
import dev.spillway.gateway.stream.StoreSafety;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every 10 s whether Redis still keeps what we promise. Somebody may have changed its settings at run time.
 *
 * <p>A Redis that is away is not unsafe: webhooks are held and then refused with 503, which tells the platform more
 * than a closed door.
 */
final class StoreCheck implements Check {
    private static final Logger log = LoggerFactory.getLogger(StoreCheck.class);
    private static final long EVERY_MS = 10_000;

    private volatile StoreSafety found = new StoreSafety(List.of(), List.of());

    void watch(Vertx vertx, RedisStore store) {
        store.safety().onSuccess(this::found);
        vertx.setPeriodic(EVERY_MS, ignored -> store.safety().onSuccess(this::found));
    }

    // Each sentence is said once, and again when it comes back.
    private void found(StoreSafety now) {
        now.problems().stream()
                .filter(problem -> !found.problems().contains(problem))
                .forEach(
                        problem -> log.atError().addKeyValue("problem", problem).log("Redis is not safe"));
        now.warnings().stream()
                .filter(warning -> !found.warnings().contains(warning))
                .forEach(warning -> log.atWarn().addKeyValue("warning", warning).log("Redis could be safer"));
        found = now;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Health health() {
        var now = found;
        if (!now.problems().isEmpty()) {
            return Health.unsafe(String.join("; ", now.problems()));
        }
        return now.warnings().isEmpty() ? Health.healthy() : Health.degraded(String.join("; ", now.warnings()));
    }
}
