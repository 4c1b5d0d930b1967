// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Events put into the streams as ingest writes them, eight to an entry, all keys fresh: only faster than webhooks could
 * bring them. They are messages without a text, to which the echo bot has no answer. For one thread.
 */
final class WaitingEvents {
    static final int EVENTS_PER_ENTRY = 8;
    private static final int PEOPLE = 500;
    private static final int ENTRIES_AT_ONCE = 128;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
    private static final String KEY = "x".repeat(32);
    private static final String PERSON = "y".repeat(9);
    private static final String MESSAGE = "z".repeat(24);

    private final RedisSocket redis;
    private final int partitions;
    private final Random random = new Random();
    private final byte[] entry;
    private final List<Integer> keys;
    private final List<Integer> people;
    private final List<Integer> messages;
    private int next;

    WaitingEvents(RedisSocket redis, int partitions) {
        this.redis = redis;
        this.partitions = partitions;
        var line = line(Instant.now());
        var text = String.join("\n", Collections.nCopies(EVENTS_PER_ENTRY, line));
        entry = text.getBytes(US_ASCII);
        keys = places(text, KEY);
        people = places(text, PERSON);
        messages = places(text, MESSAGE);
    }

    /** So many more, or a few more than that; the partitions in turn. */
    void add(long events) throws IOException {
        for (var left = events; left > 0; left -= (long) ENTRIES_AT_ONCE * EVENTS_PER_ENTRY) {
            var commands = new ArrayList<List<byte[]>>();
            var counts = new int[partitions];
            for (var i = 0; i < ENTRIES_AT_ONCE; i++) {
                var partition = next++ % partitions;
                counts[partition] += EVENTS_PER_ENTRY;
                commands.add(List.of(
                        bytes("XADD"),
                        bytes("g1:in:{p" + partition + "}"),
                        bytes("*"),
                        bytes("n"),
                        bytes("" + EVENTS_PER_ENTRY),
                        bytes("b"),
                        batch(partition)));
            }
            for (var partition = 0; partition < partitions; partition++) {
                if (counts[partition] > 0) {
                    commands.add(List.of(
                            bytes("HINCRBY"),
                            bytes("g1:ctr:{p" + partition + "}"),
                            bytes("added"),
                            bytes("" + counts[partition])));
                }
            }
            redis.answers(commands);
        }
    }

    private byte[] batch(int partition) {
        var batch = entry.clone();
        for (var event = 0; event < EVENTS_PER_ENTRY; event++) {
            var person = 100_000_000 + partition * 1_000 + random.nextInt(PEOPLE);
            write(batch, messages.get(event), hex(24));
            write(batch, keys.get(event), hex(32));
            write(batch, people.get(2 * event), bytes("" + person));
            write(batch, people.get(2 * event + 1), bytes("" + person));
        }
        return batch;
    }

    private byte[] hex(int digits) {
        var hex = new byte[digits];
        for (var i = 0; i < digits; i += 8) {
            var bits = random.nextInt();
            for (var digit = 0; digit < 8; digit++) {
                hex[i + digit] = HEX[(bits >>> (4 * digit)) & 15];
            }
        }
        return hex;
    }

    private static String line(Instant now) {
        var millis = now.toEpochMilli();
        var time = Instant.ofEpochMilli(millis - millis % 1_000 + 1).toString();
        return "{\"version\":1,\"id\":\"" + KEY + "\",\"app\":\"load\",\"channel\":\"messenger\","
                + "\"page\":\"100200300400500\",\"user\":\"" + PERSON
                + "\",\"kind\":\"message\",\"standby\":false,\"occurredAt\":\"" + time + "\",\"receivedAt\":\""
                + time + "\",\"bucket\":\"mh" + millis / HOUR_MILLIS + "\",\"event\":{\"sender\":{\"id\":\"" + PERSON
                + "\"},\"recipient\":{\"id\":\"100200300400500\"},\"timestamp\":" + millis
                + ",\"message\":{\"mid\":\"m_" + MESSAGE
                + "\",\"attachments\":[{\"type\":\"image\",\"payload\":{\"url\":\"https://cdn.example/picture.jpg\"}}]}}}";
    }

    private static List<Integer> places(String text, String mark) {
        return IntStream.iterate(text.indexOf(mark), at -> at >= 0, at -> text.indexOf(mark, at + mark.length()))
                .boxed()
                .toList();
    }

    private static void write(byte[] into, int at, byte[] what) {
        System.arraycopy(what, 0, into, at, what.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
