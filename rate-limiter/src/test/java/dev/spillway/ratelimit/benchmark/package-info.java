// SPDX-License-Identifier: Apache-2.0
/** Side by side with other limiters: a program, not a test. Start at {@link dev.spillway.ratelimit.benchmark.LimiterBenchmark}. */
@NullMarked
package dev.spillway.ratelimit.benchmark;

import org.jspecify.annotations.NullMarked;
