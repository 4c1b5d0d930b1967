// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

/**
 * What Redis uses, in bytes.
 *
 * @param used by everything, with what the allocator rounds up
 * @param passing of it, buffers of connections and of the append-only file: gone a moment later
 */
record RedisMemory(long used, long passing) {
    /** Reads the answer of {@code INFO memory}. */
    static RedisMemory of(String info) {
        return new RedisMemory(
                field(info, "used_memory"), field(info, "mem_clients_normal") + field(info, "mem_aof_buffer"));
    }

    /** What stays. */
    long data() {
        return used - passing;
    }

    private static long field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(
                        line -> Long.parseLong(line.substring(name.length() + 1).strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("INFO memory without " + name));
    }
}
