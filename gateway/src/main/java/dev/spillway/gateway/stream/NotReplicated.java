// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** The server has the write, but not enough replicas confirmed it in time. It stays there; a repeat is a second copy. */
final class NotReplicated extends StoreUnavailable {
    private static final long serialVersionUID = 1L;

    NotReplicated() {
        super("too few replicas confirmed in time");
    }
}
