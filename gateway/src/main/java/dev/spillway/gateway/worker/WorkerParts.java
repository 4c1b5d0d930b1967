// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.RedisStore;
import dev.spillway.gateway.stream.RegisterRow;
import dev.spillway.gateway.stream.Subscription;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** What all partitions of a subscription share in this process. */
record WorkerParts(
        Vertx vertx,
        RedisStore.Consumer consumer,
        Subscription subscription,
        RegisterRow.Replay replay,
        Bot bot,
        EventFilter filter,
        BotRunner runner,
        SuspectTurn suspectTurn,
        Intake.Window window,
        BotSettings settings,
        WorkerMetrics metrics,
        InstantSource clock,
        LongSupplier nanoClock) {}
