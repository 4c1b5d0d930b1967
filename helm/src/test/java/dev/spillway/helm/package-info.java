// SPDX-License-Identifier: Apache-2.0
/** The checks of the chart, on a real Helm engine: what it renders, what it refuses, and that its documents keep step. */
@NullMarked
package dev.spillway.helm;

import org.jspecify.annotations.NullMarked;
