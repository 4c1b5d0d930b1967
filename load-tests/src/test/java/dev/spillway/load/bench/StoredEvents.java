// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/**
 * The events of one run that lie in streams, whatever their form: each holds its message id once, as the platform wrote
 * it.
 */
final class StoredEvents {
    static final String MESSAGE_ID = "m_";
    /** Digits of the number at the end of a message id. */
    private static final int DIGITS = 9;

    private static final String PAGE_OF_ENTRIES = "500";

    private final byte[] needle;
    private final BitSet distinct = new BitSet();
    private long count;

    StoredEvents(String run) {
        this.needle = ("\"mid\":\"" + MESSAGE_ID + run + "_").getBytes(US_ASCII);
    }

    static StoredEvents read(RedisSocket redis, List<String> streams, String run) throws IOException {
        var stored = new StoredEvents(run);
        for (var stream : streams) {
            var from = "-";
            while (!from.isEmpty()) {
                from = stored.page(redis, stream, from);
            }
        }
        return stored;
    }

    /** How many there are, copies too. */
    long count() {
        return count;
    }

    /** The numbers of those there are. */
    BitSet distinct() {
        return distinct;
    }

    // Returns where the next page starts; empty after the last.
    private String page(RedisSocket redis, String stream, String from) throws IOException {
        var next = "";
        if (redis.answer("XRANGE", stream, from, "+", "COUNT", PAGE_OF_ENTRIES) instanceof List<?> entries) {
            for (var entry : entries) {
                if (entry instanceof List<?> idAndFields
                        && idAndFields.get(0) instanceof byte[] id
                        && idAndFields.get(1) instanceof List<?> fields) {
                    fields.forEach(field -> add((byte[]) field));
                    next = "(" + new String(id, UTF_8);
                }
            }
        }
        return next;
    }

    /** Counts the events whose message ids stand in these bytes. */
    void add(byte[] bytes) {
        var end = bytes.length - needle.length - DIGITS;
        for (var at = 0; at <= end; at++) {
            if (bytes[at] == '"' && startsAt(bytes, at)) {
                count++;
                distinct.set(number(bytes, at + needle.length));
                at += needle.length + DIGITS - 1;
            }
        }
    }

    private boolean startsAt(byte[] bytes, int at) {
        for (var i = 1; i < needle.length; i++) {
            if (bytes[at + i] != needle[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] bytes, int at) {
        var number = 0;
        for (var i = 0; i < DIGITS; i++) {
            number = number * 10 + (bytes[at + i] - '0');
        }
        return number;
    }
}
