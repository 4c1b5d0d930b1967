// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

/** When a write reaches the disk, in Redis's words and in Spillway's. */
enum Durability {
    EVERYSEC("everysec", "everysec"),
    ALWAYS("always", "fsync");

    private final String appendfsync;
    private final String spillway;

    Durability(String appendfsync, String spillway) {
        this.appendfsync = appendfsync;
        this.spillway = spillway;
    }

    static Durability of(String appendfsync) {
        for (var one : values()) {
            if (one.appendfsync.equals(appendfsync)) {
                return one;
            }
        }
        throw new IllegalArgumentException("durability: " + appendfsync + " (expected: everysec or always)");
    }

    /** Redis's directive. */
    String appendfsync() {
        return appendfsync;
    }

    /** What Spillway's {@code redis.durability} calls it. */
    String spillway() {
        return spillway;
    }
}
