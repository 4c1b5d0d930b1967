// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** A stream or group that must exist is gone: somebody deleted it by hand. Never made anew silently. */
public final class GroupMissing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GroupMissing(String message) {
        super(message, null, false, false);
    }
}
