// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contract's tests say with few words: partition 3, the bot {@code peter.1}, replies of hour 500000. */
abstract class ContractSteps {
    static final int P = 3;
    static final Duration TTL = Duration.ofSeconds(6);
    static final Subscription PETER = new Subscription("peter", 1);
    static final Subscription SHOP = new Subscription("shop", 2);
    static final StreamGroup EVENTS = StreamGroup.of(PETER);
    static final long HOUR = 500_000;

    StoreRig rig;
    PartitionStore store;
    Fence fence;

    /** A new, empty store. */
    abstract StoreRig open();

    @BeforeEach
    void prepare() {
        rig = open();
        store = rig.store();
        rig.subscribe(P, EVENTS);
        rig.subscribe(P, StreamGroup.DISPATCH);
        fence = held(EVENTS, "a:1");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    final Fence held(StreamGroup group, String owner) {
        return ((LeaseAnswer.Held) Ends.of(store.lease(P, group, owner, TTL, false))).fence();
    }

    /** The fence of one whose lease ran out and was taken by another. */
    final Fence taken(StreamGroup group, String owner) {
        rig.pass(TTL);
        return held(group, owner);
    }

    final String append(String... lines) {
        return rig.append(P, Arrays.stream(lines).map(ContractSteps::bytes).toList());
    }

    final List<Entry> take(String after) {
        return take(EVENTS, fence, after);
    }

    final List<Entry> take(StreamGroup group, Fence by, String after) {
        return Ends.of(store.take(P, group, by, after, 1000, 1 << 20));
    }

    final Committed commit(List<? extends Finished> events, FinishedEntry... entries) {
        return Ends.of(store.commit(P, PETER, fence, events, List.of(entries)));
    }

    /** Makes one entry of replies, as a commit does; their attempts. */
    final List<ReplyAttempt> replied(int... events) {
        var done = Arrays.stream(events)
                .mapToObj(event -> (Finished) done(event, "reply " + event))
                .toList();
        commit(done);
        return Arrays.stream(events).mapToObj(event -> attempt(event, 1)).toList();
    }

    /** What the move does, and that doing it again neither changes anything nor fails. */
    final <T> T twice(Supplier<Future<T>> move) {
        var first = Ends.of(move.get());
        var after = visible();
        Ends.ofAny(move.get());
        assertThat(visible()).as("after a repeat").isEqualTo(after);
        return first;
    }

    /** That the move fails with LeaseLost, and changes nothing. */
    final void refused(Supplier<? extends Future<?>> move) {
        var before = visible();
        assertThatThrownBy(ended(move)).isInstanceOf(LeaseLost.class);
        assertThat(visible()).as("after a refused move").isEqualTo(before);
    }

    static ThrowingCallable ended(Supplier<? extends Future<?>> move) {
        return () -> Ends.ofAny(move.get());
    }

    final String visible() {
        return String.join(
                "\n",
                rig.counters(P).toString(),
                rig.pending(P, EVENTS).toString(),
                rig.pending(P, StreamGroup.DISPATCH).toString(),
                rig.entries(P, StreamGroup.Stream.EVENTS).toString(),
                rig.replies(P).toString(),
                rig.journal(P).toString(),
                rig.letters(P).toString(),
                new TreeMap<>(Ends.of(store.aside(P, PETER))).toString());
    }

    final long counter(String name) {
        return rig.counters(P).getOrDefault(name, 0L);
    }

    static Guarded event(int number) {
        return event(number, new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, HOUR));
    }

    static Guarded event(int number, Bucket bucket) {
        // Spread as digests are: the guard's shards go by the first bytes.
        return new Guarded(new EventKey(number * 0x9E3779B97F4A7C15L, number), bucket);
    }

    static Finished.Done done(int event, String... replies) {
        return new Finished.Done(
                event(event), Arrays.stream(replies).map(ContractSteps::bytes).toList());
    }

    static Finished.Dead dead(int event) {
        return new Finished.Dead(event(event), "bot-rejected: no", 5, bytes("event " + event));
    }

    static FinishedEntry whole(String id, int events) {
        return new FinishedEntry(id, events, 0);
    }

    static ReplyAttempt attempt(int event, int attempt) {
        return new ReplyAttempt(ReplyId.of(P, event(event).key(), PETER, 0), HOUR, attempt);
    }

    static List<ReplyId> ids(ReplyAttempt... attempts) {
        return Arrays.stream(attempts).map(ReplyAttempt::reply).toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static List<Integer> numbers(int to) {
        return IntStream.range(0, to).boxed().toList();
    }
}
