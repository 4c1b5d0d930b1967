// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

/**
 * The bytes are not JSON, or nested too deep. Never leaves this package.
 *
 * <p>Without a stack trace: hostile bytes must not cost more than good ones.
 */
final class MalformedJson extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean tooDeep;

    private MalformedJson(String message, boolean tooDeep) {
        super(message, null, false, false);
        this.tooDeep = tooDeep;
    }

    static MalformedJson notJson() {
        return new MalformedJson("not JSON", false);
    }

    static MalformedJson tooDeep() {
        return new MalformedJson("nested too deep", true);
    }

    boolean isTooDeep() {
        return tooDeep;
    }
}
