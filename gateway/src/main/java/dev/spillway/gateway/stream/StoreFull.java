// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** There is no room for more events: nothing was stored, and the platform is to try again. */
public final class StoreFull extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreFull(String message) {
        super(message, null, false, false);
    }
}
