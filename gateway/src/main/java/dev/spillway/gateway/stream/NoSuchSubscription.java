// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** The register has no subscription of this name. */
public final class NoSuchSubscription extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchSubscription(String name) {
        super(name, null, false, false);
    }
}
