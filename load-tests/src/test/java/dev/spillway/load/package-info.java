// SPDX-License-Identifier: Apache-2.0
/** Load on a running gateway, as the platform makes it: signed webhooks that come whether or not the last was answered. */
@NullMarked
package dev.spillway.load;

import org.jspecify.annotations.NullMarked;
