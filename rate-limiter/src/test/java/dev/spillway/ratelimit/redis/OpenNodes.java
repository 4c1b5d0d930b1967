// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** What a test opens, closed after it, the last first. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OpenNodes {
    final ClientResources resources =
            DefaultClientResources.builder().ioThreadPoolSize(2).build();
    final List<AutoCloseable> open = new ArrayList<>();

    private final Duration patience;

    /** {@code patience}: how long what is awaited may take. */
    OpenNodes(Duration patience) {
        this.patience = patience;
    }

    @AfterEach
    void close() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
        open.clear();
    }

    @AfterAll
    void shutDown() {
        resources.shutdown().syncUninterruptibly();
    }

    void await(BooleanSupplier condition) {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it did not happen within " + patience);
            }
            Thread.onSpinWait();
        }
    }
}
