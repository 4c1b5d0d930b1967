// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * What all desks of a node share.
 *
 * @param id 48 random bits
 * @param random 0..1, for jitter
 * @param waiting of all desks, bounded by {@link NodeSettings#waitingMaxNode()}
 */
record Node(
        long id,
        LeaseStore store,
        StoreHealth health,
        NodeSettings settings,
        LimiterMeters meters,
        DoubleSupplier random,
        AtomicInteger waiting) {}
