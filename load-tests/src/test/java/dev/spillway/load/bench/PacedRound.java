// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

/** One open-loop round at a fixed rate; times in milliseconds from the moment a request was due. */
record PacedRound(String contender, int rate, double p50, double p99, double p999, long notOk, long lost) {}
