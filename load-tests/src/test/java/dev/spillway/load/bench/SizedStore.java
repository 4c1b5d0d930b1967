// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** What a Redis holds and how much room that takes. For one thread. */
final class SizedStore {
    /** Redis shrinks the buffers of connections that were idle for two seconds. */
    private static final long SETTLE_MILLIS = 4_000;

    private static final int KEYS_AT_ONCE = 500;

    private final RedisSocket redis;

    SizedStore(RedisSocket redis) {
        this.redis = redis;
    }

    /** What it uses once nothing is under way any more. */
    long settledBytes() throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        return RedisMemory.of(redis.text("INFO", "memory")).data();
    }

    List<String> keys(String pattern) throws IOException {
        return redis.values("KEYS", pattern).stream()
                .map(bytes -> new String(bytes, UTF_8))
                .toList();
    }

    /** The sum over these keys of a command that answers with a number, such as {@code XLEN}. */
    long sum(List<String> keys, String... command) throws IOException {
        var sum = 0L;
        for (var key : keys) {
            sum += number(Stream.concat(Stream.of(command), Stream.of(key)));
        }
        return sum;
    }

    /** What {@code MEMORY USAGE} says of these keys, every element looked at. */
    long usage(List<String> keys) throws IOException {
        var sum = 0L;
        for (var key : keys) {
            sum += number(Stream.of("MEMORY", "USAGE", key, "SAMPLES", "0"));
        }
        return sum;
    }

    void delete(List<String> keys) throws IOException {
        for (var from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
            var some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
            redis.answer(Stream.concat(Stream.of("DEL"), some.stream()).toArray(String[]::new));
        }
    }

    private long number(Stream<String> command) throws IOException {
        var text = redis.text(command.toArray(String[]::new));
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
