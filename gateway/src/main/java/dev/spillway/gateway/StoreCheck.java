// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.ops.Check;
import dev.spillway.gateway.ops.Health;
import dev.spillway.gateway.stream.RedisStore;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Looks every 30 s whether Redis still keeps what we promise. Somebody may have changed its settings at run time.
 *
 * <p>A Redis that is away is not unsafe: webhooks are held and then refused with 503, which tells the platform more
 * than a closed door.
 */
final class StoreCheck implements Check {
    private static final long EVERY_MS = 30_000;

    private volatile List<String> problems = List.of();

    void watch(Vertx vertx, RedisStore store) {
        vertx.setPeriodic(EVERY_MS, ignored -> store.problems().onSuccess(found -> problems = found));
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Health health() {
        return problems.isEmpty() ? Health.healthy() : Health.unsafe(String.join("; ", problems));
    }
}
