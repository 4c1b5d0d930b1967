// SPDX-License-Identifier: Apache-2.0
/**
 * The ingest benchmark: Spillway against stacks that people would build instead, on one machine in interleaved rounds.
 *
 * <p>Promise: every figure comes from a run in which nothing acknowledged was lost, and a contender that could not take
 * part is named with the reason. Whatever it starts listens on loopback and ends with it. Start reading at {@link
 * dev.spillway.load.bench.Benchmark}.
 */
@NullMarked
package dev.spillway.load.bench;

import org.jspecify.annotations.NullMarked;
