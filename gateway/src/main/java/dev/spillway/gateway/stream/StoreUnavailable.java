// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** Redis did not answer, or not in time: what was asked may or may not have happened. */
public sealed class StoreUnavailable extends RuntimeException permits NotReplicated, Elsewhere, AccessDenied {
    private static final long serialVersionUID = 1L;

    StoreUnavailable(String message) {
        super(message, null, false, false);
    }
}
