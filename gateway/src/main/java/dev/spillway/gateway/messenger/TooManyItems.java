// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

/** A body holds more items than its limit, or would grow too far when cut. Never leaves this package. */
final class TooManyItems extends Exception {
    private static final long serialVersionUID = 1;

    TooManyItems() {
        super("too many items", null, false, false);
    }
}
