// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.graph.GraphClient;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.RedisStore;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** What all partitions share in this process. */
record DispatchParts(
        Vertx vertx,
        RedisStore.Consumer consumer,
        GraphClient graph,
        Pace pace,
        Lead lead,
        Confirmed confirmed,
        Intake.Window window,
        Duration doubtWait,
        DispatchMetrics metrics,
        Alerts alerts,
        InstantSource clock,
        LongSupplier nanoClock) {}
