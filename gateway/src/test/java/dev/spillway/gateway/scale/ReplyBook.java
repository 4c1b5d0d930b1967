// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Every reply that a commit has put into the streams of replies, in their order. It takes the place of the dispatchers: what
 * it has read it counts as finished and trims, so that the workers never find the streams full.
 */
final class ReplyBook {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ENTRIES_MAX = 500;
    private static final long PAUSE_NANOS = 20_000_000;

    private final RedisCommands<String, String> redis;
    private final String[] last;
    private final BitSet[] answered;
    private final Thread thread;
    // Written by its thread; read when that has ended.
    private long replies;
    private long repeated;
    private long overtaken;
    private volatile boolean stopping;

    /** {@code redis} is a connection of its own. */
    ReplyBook(RedisCommands<String, String> redis, ScalePlan plan) {
        this.redis = redis;
        last = new String[plan.partitions()];
        Arrays.fill(last, "0-0");
        answered = new BitSet[plan.conversations()];
        Arrays.setAll(answered, ignored -> new BitSet());
        thread = new Thread(this::readAll, "reply-book");
    }

    /** What the book says in the end. */
    record Sum(long replies, long repeated, long overtaken, long lost) {}

    void start() {
        thread.start();
    }

    /** Ends after all that is there, and compares it with what was acknowledged. */
    Sum close(Writers writers) throws InterruptedException {
        stopping = true;
        thread.join();
        var lost = 0L;
        for (var conversation = 0; conversation < answered.length; conversation++) {
            var texts = writers.acknowledged(conversation);
            lost += texts - answered[conversation].get(0, texts).cardinality();
        }
        return new Sum(replies, repeated, overtaken, lost);
    }

    private void readAll() {
        while (true) {
            var ending = stopping;
            var read = 0;
            for (var partition = 0; partition < last.length; partition++) {
                read += read(partition);
            }
            if (read == 0) {
                if (ending) {
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private int read(int partition) {
        var stream = "g1:out:{p" + partition + "}";
        List<StreamMessage<String, String>> entries = redis.xrange(
                stream,
                Range.from(Range.Boundary.excluding(last[partition]), Range.Boundary.unbounded()),
                Limit.from(ENTRIES_MAX));
        var count = 0L;
        for (var entry : entries) {
            Map<String, String> fields = entry.getBody();
            fields.getOrDefault("b", "").lines().forEach(this::book);
            count += Long.parseLong(fields.getOrDefault("n", "0"));
            last[partition] = entry.getId();
        }
        if (count > 0) {
            redis.hincrby("g1:ctr:{p" + partition + "}", "out-fin", count);
            redis.xtrim(stream, XTrimArgs.Builder.minId(last[partition]));
        }
        return entries.size();
    }

    private void book(String reply) {
        try {
            var text = JSON.readTree(reply).path("message").path("text").asText();
            var space = text.indexOf(' ');
            var conversation = answered[Integer.parseInt(text.substring(0, space))];
            var number = Integer.parseInt(text.substring(space + 1));
            replies++;
            if (conversation.get(number)) {
                repeated++;
            } else {
                if (conversation.length() > number) {
                    overtaken++;
                }
                conversation.set(number);
            }
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
