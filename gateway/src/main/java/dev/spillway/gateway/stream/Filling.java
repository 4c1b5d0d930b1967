// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * How fast the stream of a partition grows, and so when it will be full. Pure.
 *
 * @param bytes when last looked at; negative before the first look
 * @param perSecond smoothed over about half a minute
 */
record Filling(double bytes, double perSecond) {
    static final Filling UNKNOWN = new Filling(-1, 0);
    private static final double SMOOTHING_SECONDS = 30;

    /** After another look, so many seconds later. */
    Filling then(double newBytes, double seconds) {
        if (bytes < 0 || seconds <= 0) {
            return new Filling(newBytes, 0);
        }
        var share = 1 - Math.exp(-seconds / SMOOTHING_SECONDS);
        return new Filling(newBytes, perSecond + share * ((newBytes - bytes) / seconds - perSecond));
    }

    /** Seconds until it takes {@code cap} bytes; infinite if it does not grow or there is no cap. */
    double untilFull(double cap) {
        if (cap == 0) {
            return Double.POSITIVE_INFINITY;
        }
        if (bytes >= cap) {
            return 0;
        }
        // Less than a byte a second is what is left of a growth that ended.
        return perSecond < 1 ? Double.POSITIVE_INFINITY : (cap - bytes) / perSecond;
    }
}
