// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.List;

/**
 * Events of a page that step aside, so that other pages of the partition can go on.
 *
 * @param boundary the last entry of the stream of all up to which nothing of the page is left there
 * @param batches in order
 * @param pagesMax how many pages may be aside at once
 * @param bytesMax how much they may take together before this
 */
public record SetAside(String page, String boundary, List<Lines> batches, int pagesMax, long bytesMax) {
    /** Whether an entry is at or before a boundary. */
    public static boolean covers(String boundary, String entryId) {
        return Bell.ORDER.compare(entryId, boundary) <= 0;
    }

    /** Records, one a line. */
    public record Lines(int count, byte[] bytes) {}
}
