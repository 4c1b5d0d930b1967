// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.sandbox.Delivered;
import dev.spillway.gateway.worker.EchoBot;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Redis is killed under load and the end of its append-only file is torn off, as a disk may do: each script is there as a
 * whole or not at all, and whatever was acknowledged is answered.
 */
final class TruncatedLogIT {
    private static final int ROUNDS = 6;
    private static final int TEXTS = 40;
    private static final int USERS = 20;
    private static final int BYTES_MAX = 200;
    private static final String GROUP = "echo.1";

    private final PathRig rig = new PathRig();
    private final Random random = new Random(20_261_224);
    private final List<Future<Delivered>> said = new ArrayList<>();

    @AfterEach
    void close() {
        rig.close();
    }

    /** What the scripts have written, as it stands in a log. */
    private record Written(
            long done,
            long guarded,
            long repliesWaiting,
            long repliesInStreams,
            long sent,
            Map<String, String> journal,
            String digest) {
        void isWhole() {
            assertThat(guarded).as("events that the once-guard knows").isEqualTo(done);
            assertThat(repliesInStreams).as("replies that wait").isEqualTo(repliesWaiting);
        }

        /** How many steps of events or replies the other has not. */
        long more(Written other) {
            var rows = new HashSet<>(journal.entrySet());
            rows.addAll(other.journal.entrySet());
            rows.removeIf(row ->
                    journal.entrySet().contains(row) && other.journal.entrySet().contains(row));
            return Math.abs(done - other.done) + Math.abs(sent - other.sent) + rows.size();
        }
    }

    private static Written writtenIn(RedisRig log) {
        var redis = log.client();
        var done = 0L;
        var waiting = 0L;
        var sent = 0L;
        for (var key : redis.keys("g1:ctr:*")) {
            done += number(redis.hget(key, GROUP + ":done"));
            waiting += number(redis.hget(key, "out")) - number(redis.hget(key, "out-fin"));
            sent += number(redis.hget(key, "sent"));
        }
        return new Written(
                done,
                fields(redis, "g1:once:*"),
                waiting,
                redis.keys("g1:out:*").stream()
                        .mapToLong(stream -> unfinished(redis, stream))
                        .sum(),
                sent,
                redis.keys("g1:jr:*").stream()
                        .flatMap(key -> redis.hgetall(key).entrySet().stream())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                redis.dispatch(
                        CommandType.DEBUG,
                        new StatusOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8).add("DIGEST")));
    }

    private static long fields(RedisCommands<String, String> redis, String keys) {
        return redis.keys(keys).stream().mapToLong(redis::hlen).sum();
    }

    private static long number(@Nullable String value) {
        return value == null ? 0 : Long.parseLong(value);
    }

    /** Replies of the entries that nobody has acknowledged. */
    private static long unfinished(RedisCommands<String, String> redis, String stream) {
        var replies = 0L;
        for (var pending : redis.xpending(stream, "d", Range.unbounded(), Limit.from(10_000))) {
            replies += replies(redis, stream, Range.create(pending.getId(), pending.getId()));
        }
        var group = (List<?>) redis.xinfoGroups(stream).getFirst();
        var last = (String) group.get(group.indexOf("last-delivered-id") + 1);
        return replies + replies(redis, stream, Range.from(Range.Boundary.excluding(last), Range.Boundary.unbounded()));
    }

    private static long replies(RedisCommands<String, String> redis, String stream, Range<String> range) {
        return redis.xrange(stream, range).stream()
                .mapToLong(entry -> number(entry.getBody().get("n")))
                .sum();
    }

    @Test
    void scripts_are_there_as_a_whole_or_not_at_all_and_what_was_acknowledged_is_answered() throws Exception {
        // Long enough for an echo that comes while Redis is away.
        rig.gateway(Map.of("echo", EchoBot::new), yaml -> yaml.replace("doubt-wait: 3s", "doubt-wait: 20s"));
        var bytes = 0;
        var hits = 0;
        var lost = 0L;
        for (var round = 0; round < ROUNDS; round++) {
            write();
            var calls = rig.sandbox.calls().size();
            burst();
            rig.awaitThat(() -> rig.sandbox.calls().size() > calls, "it is at work");
            rig.redis.kill9();
            var before = written();
            before.isWhole();
            var torn = random.nextInt(1, BYTES_MAX + 1);
            bytes += torn;
            rig.redis.truncateLog(length -> length - torn);
            var after = written();
            after.isWhole();
            lost += before.more(after);
            hits += before.digest().equals(after.digest()) ? 0 : 1;
            rig.redis.restart();
            // Where the log was torn within a transaction, its beginning stays in it: see docs/redis.md.
            rig.redis.rewriteLog();
        }
        write();

        await(Future.all(said));
        rig.awaitThat(() -> new HashSet<>(rig.taken()).size() == said.size(), "every text is answered");
        rig.awaitIdle(GROUP);
        rig.awaitThat(() -> rig.counter("out") == rig.counter("out-fin"), "no reply waits");
        var repeated = rig.taken().size() - said.size();
        System.out.printf(
                "F17: %d texts, %d bytes torn off in %d kills, something lost in %d, %d steps of events and replies, %d"
                        + " replies repeated%n",
                said.size(), bytes, ROUNDS, hits, lost, repeated);
        assertThat(hits).as("logs that lost something").isPositive();
        assertThat((long) repeated).as("only what was torn off is done again").isLessThanOrEqualTo(lost);
        assertThat(said).allMatch(one -> one.result().accepted());
        assertThat(rig.counter(GROUP + ":done")).isEqualTo(said.size());
        firstRepliesAreInOrder();
    }

    private Written written() {
        try (var copy = rig.redis.copy()) {
            return writtenIn(copy);
        }
    }

    private void write() throws InterruptedException {
        for (var i = 0; i < TEXTS; i++) {
            said.add(rig.say("7" + said.size() % USERS, "text " + said.size()));
            Thread.sleep(Pods.PACE);
        }
    }

    private void burst() {
        for (var i = 0; i < TEXTS; i++) {
            said.add(rig.say("7" + said.size() % USERS, "text " + said.size()));
        }
    }

    private void firstRepliesAreInOrder() {
        var seen = new HashSet<String>();
        var last = new HashMap<String, Integer>();
        for (var call : rig.sandbox.calls()) {
            var text = String.valueOf(call.text());
            if (seen.add(text)) {
                var number = Integer.parseInt(text.substring("text ".length()));
                assertThat(last.getOrDefault(call.recipient(), -1)).isLessThan(number);
                last.put(call.recipient(), number);
            }
        }
    }
}
