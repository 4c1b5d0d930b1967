// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** The lease was taken by another, or can no longer be proved: whoever worked under it drops everything in memory. */
public final class LeaseLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLost(String message) {
        super(message, null, false, false);
    }
}
