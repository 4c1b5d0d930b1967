// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * An entry whose events are all finished.
 *
 * @param events how many it has
 * @param filtered how many of them the subscription does not want
 * @param page for an entry in the stream of a page set aside, that page; else empty
 */
public record FinishedEntry(String id, int events, int filtered, String page) {
    /** One in the stream of all. */
    public FinishedEntry(String id, int events, int filtered) {
        this(id, events, filtered, "");
    }
}
