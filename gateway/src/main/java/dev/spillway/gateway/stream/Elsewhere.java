// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** Another node of the cluster has the key now, or will have it soon: nothing was done. */
final class Elsewhere extends StoreUnavailable {
    private static final long serialVersionUID = 1L;

    Elsewhere(String message) {
        super(message);
    }
}
