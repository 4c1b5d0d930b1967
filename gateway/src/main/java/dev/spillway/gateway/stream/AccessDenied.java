// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** The user of Redis lacks a permission: nothing was done, and nothing will be until an operator gives it. */
final class AccessDenied extends StoreUnavailable {
    private static final long serialVersionUID = 1L;

    AccessDenied(String words) {
        super(sentence(words));
    }

    /** For the operator: what is refused, and where what is needed stands. */
    static String sentence(String words) {
        return "redis permission: " + words + " (expected: the ACL of docs/redis.md)";
    }
}
