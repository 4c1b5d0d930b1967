// SPDX-License-Identifier: Apache-2.0
/**
 * The durable log of events and replies, kept in Redis Streams.
 *
 * <p>Promise: once {@link EventLog#append} succeeds, its events survive the loss of any gateway at the durability asked
 * for; the append may repeat, and nothing after it may. Every write after the append is one fenced, idempotent script on
 * one partition ({@link PartitionStore}), which we repeat ourselves until it is answered or the lease is gone.
 *
 * <p>Threads: every {@code Future} completes on the context it was asked for. Start reading at {@link PartitionStore}.
 */
@NullMarked
package dev.spillway.gateway.stream;

import org.jspecify.annotations.NullMarked;
