// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

/**
 * One thing that is wrong with the settings.
 *
 * @param key the full key, {@code spillway.http.port}
 * @param value as it was given; a word in its place when there is none or when it must not be shown
 * @param expectation what would have been right
 * @param place where it was found: a line of the file, or a variable of the environment; empty if nowhere
 */
public record Problem(String key, String value, String expectation, String place) {
    static final String MISSING = "missing";
    static final String HIDDEN = "***";

    /** One line for a person: {@code spillway.http.port: 99999 (expected: 0..65535; line 4)}. */
    @Override
    public String toString() {
        return key + ": " + value + " (expected: " + expectation + (place.isEmpty() ? "" : "; " + place) + ")";
    }
}
