// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.kit.WithRedis;
import dev.spillway.gateway.messenger.Bucket;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts that make, drop, skip and look at groups, on a real server. */
@WithRedis
final class GroupMovesIT extends ContractSteps {
    private static final Instant NOON = Instant.parse("2026-12-24T12:00:00Z");
    private static final StreamGroup SHOPS = StreamGroup.of(SHOP);
    private static final StreamGroup PETER_2 = StreamGroup.of(new Subscription("peter", 2));
    private static final StreamGroup PETER_3 = StreamGroup.of(new Subscription("peter", 3));

    private final RedisRig redis;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private GroupMoves moves;

    GroupMovesIT(RedisRig redis) {
        this.redis = redis;
    }

    @Override
    StoreRig open() {
        var opened = new RedisStoreRig(redis);
        moves = new GroupMoves(Links.of(opened.link));
        return opened;
    }

    @BeforeEach
    void small() {
        redis.configSet("stream-node-max-entries", "1");
    }

    /** A record of this event as far as scripts read it. */
    private static String line(int event, Instant received) {
        return "{\"version\":1,\"id\":\"" + event(event).key().hex() + "\",\"receivedAt\":\""
                + RegisterRow.time(received) + "\",\"bucket\":\"mh" + HOUR
                + "\",\"event\":{\"text\":\"\\\"receivedAt\\\":\\\"2000\"}}";
    }

    private String appendAt(int event, Instant received) {
        return append(line(event, received));
    }

    private boolean subscribe(StreamGroup group, String from, @Nullable StreamGroup older) {
        return Ends.of(moves.subscribe(P, group, from, older));
    }

    private boolean subscribe(StreamGroup group, String from) {
        return subscribe(group, from, null);
    }

    private List<String> ids(StreamGroup group) {
        return take(group, held(group, "r:1"), "0").stream().map(Entry::id).toList();
    }

    private Replayed replayed(StreamGroup group) {
        var dot = group.name().indexOf('.');
        var subscription = new Subscription(
                group.name().substring(0, dot), Integer.parseInt(group.name().substring(dot + 1)));
        return Ends.of(moves.replayed(P, subscription));
    }

    @Test
    void a_group_starts_where_it_is_asked_to_and_counts_what_lies_before_it() {
        var ids = IntStream.range(0, 40)
                .mapToObj(minute -> appendAt(minute, NOON.plus(Duration.ofMinutes(minute))))
                .toList();

        subscribe(new StreamGroup(StreamGroup.Stream.EVENTS, "a.1"), "0");
        subscribe(new StreamGroup(StreamGroup.Stream.EVENTS, "b.1"), "$");
        subscribe(SHOPS, RegisterRow.time(NOON.plus(Duration.ofMinutes(30))));

        assertThat(counter("a.1:base")).isZero();
        assertThat(counter("b.1:base")).isEqualTo(40);
        assertThat(counter("shop.2:base")).isEqualTo(30);
        assertThat(ids(SHOPS)).isEqualTo(ids.subList(30, 40));
    }

    @Test
    void a_time_is_found_among_entries_of_one_millisecond() {
        for (var minute = 0; minute < 10; minute++) {
            redis.client()
                    .xadd(
                            Keys.in(P),
                            new XAddArgs().id("1000-" + minute),
                            Map.of("n", "1", "b", line(minute, NOON.plus(Duration.ofMinutes(minute)))));
        }
        redis.client().hincrby(Keys.counters(P), "added", 10);

        for (var minute = 0; minute < 10; minute++) {
            var group = new StreamGroup(StreamGroup.Stream.EVENTS, "late.%d".formatted(minute + 1));
            subscribe(group, RegisterRow.time(NOON.plus(Duration.ofMinutes(minute))));
            assertThat(counter(group.name() + ":base")).isEqualTo(minute);
        }
        var none = new StreamGroup(StreamGroup.Stream.EVENTS, "none.1");
        subscribe(none, RegisterRow.time(NOON.plus(Duration.ofMinutes(10))));
        assertThat(counter("none.1:base")).isEqualTo(10);
    }

    @Test
    void a_time_is_the_events_own_and_what_was_repaired_late_misleads_nobody() {
        var ids = new ArrayList<String>();
        for (var minute = 0; minute < 60; minute++) {
            ids.add(appendAt(minute, NOON.plus(Duration.ofMinutes(minute))));
            append("{\"source\":\"repaired\"," + line(1000 + minute, NOON).substring(1));
        }

        subscribe(SHOPS, RegisterRow.time(NOON.plus(Duration.ofMinutes(50))));

        assertThat(ids(SHOPS)).contains(ids.get(50)).doesNotContain(ids.get(49));
        appendAt(99, NOON.plus(Duration.ofHours(2)));
        var none = new StreamGroup(StreamGroup.Stream.EVENTS, "none.1");
        subscribe(none, RegisterRow.time(NOON.plus(Duration.ofDays(1))));
        assertThat(ids(none)).isEmpty();
    }

    @Test
    void making_a_group_again_changes_nothing() {
        appendAt(1, NOON);
        subscribe(SHOPS, "0");
        appendAt(2, NOON);
        var before = visible();

        assertThat(subscribe(SHOPS, "$")).isTrue();

        assertThat(visible()).isEqualTo(before);
        assertThat(ids(SHOPS)).hasSize(2);
    }

    @Test
    void a_new_generation_knows_what_the_older_one_had_finished_and_jumps_over_nothing() {
        var done = appendAt(1, NOON);
        var half = append(line(2, NOON), line(3, NOON));
        var late = appendAt(4, NOON);
        take("0");
        commit(List.of(done(1), done(2), done(4)), whole(done, 1), whole(late, 1));
        var waits = appendAt(5, NOON);

        subscribe(PETER_2, "0", EVENTS);

        assertThat(ids(PETER_2)).containsExactly(done, half, late, waits);
        var replayed = replayed(PETER_2);
        assertThat(replayed.includes(done, event(1).key())).isTrue();
        assertThat(replayed.includes(half, event(2).key())).isTrue();
        assertThat(replayed.includes(half, event(3).key())).as("it was in work").isFalse();
        assertThat(replayed.includes(late, event(4).key())).isTrue();
        assertThat(replayed.includes(waits, event(5).key())).as("nobody had it").isFalse();
        assertThat(counter("added") - counter("peter.2:base")).isEqualTo(5);

        refused(() -> store.commit(P, PETER, fence, List.of(done(3, "twice")), List.of(whole(half, 2))));
        assertThat(Ends.of(store.lease(P, EVENTS, "z:1", TTL, false))).isInstanceOf(LeaseAnswer.Refused.class);
    }

    @Test
    void a_reset_to_a_late_time_still_starts_with_what_was_left_open() {
        var done = appendAt(1, NOON);
        var open = appendAt(2, NOON.plusSeconds(60));
        appendAt(3, NOON.plusSeconds(3600));
        take("0");
        commit(List.of(done(1)), whole(done, 1));

        subscribe(PETER_2, RegisterRow.time(NOON.plusSeconds(3600)), EVENTS);

        assertThat(ids(PETER_2)).first().isEqualTo(open);
    }

    @Test
    void a_reset_takes_along_what_is_set_aside_and_what_of_it_is_finished() {
        var read = appendAt(1, NOON);
        take("0");
        var lines = List.of(
                new SetAside.Lines(2, bytes(line(1, NOON) + "\n" + line(2, NOON))),
                new SetAside.Lines(1, bytes(line(3, NOON))));
        Ends.of(store.setAside(P, PETER, fence, new SetAside("100", read, lines, 4, 1 << 20)));
        Ends.of(store.take(P, StreamGroup.aside(PETER, "100"), fence, "0", 1, 1 << 20));
        commit(List.of(done(1, "sent before")));

        assertThat(subscribe(PETER_2, "0", EVENTS)).isTrue();
        Ends.of(moves.drop(P, EVENTS));

        var peter = new Subscription("peter", 2);
        fence = held(PETER_2, "r:1");
        assertThat(Ends.of(store.aside(P, peter))).containsExactly(Map.entry("100", "0-0"));
        assertThat(take(StreamGroup.aside(peter, "100"), fence, "0"))
                .extracting(Entry::count)
                .containsExactly(2, 1);
        assertThat(Ends.of(store.seen(P, peter, fence, List.of(event(1), event(2), event(3)))))
                .containsExactly(true, false, false);
        assertThat(counter("peter.2:aside")).isEqualTo(3);
        assertThat(redis.client().keys("*peter.1*")).containsExactly("g1:own:{p3}:peter.1");
    }

    @Test
    void what_is_set_aside_waits_for_gauges_and_goes_with_its_group() {
        var read = appendAt(1, NOON);
        take("0");
        var lines = List.of(new SetAside.Lines(1, bytes(line(1, NOON))));
        Ends.of(store.setAside(P, PETER, fence, new SetAside("100", read, lines, 4, 1 << 20)));
        commit(List.of(), whole(read, 1));
        appendAt(2, NOON.plus(Duration.ofHours(1)));

        var row = RegisterRow.anew("peter", 1, Settings.Start.BEGINNING, Settings.OnFull.REFUSE);
        var told = Ends.of(moves.backlog(P, List.of(row))).groups().getFirst();
        assertThat(told.waiting()).isEqualTo(2);
        assertThat(told.oldest()).isEqualTo(NOON);

        Ends.of(moves.drop(P, EVENTS));
        assertThat(redis.client().keys("*peter.1*")).containsExactly("g1:own:{p3}:peter.1");
    }

    @Test
    void a_reset_of_a_reset_still_knows_what_the_first_generation_had_finished() {
        var ids = IntStream.range(0, 6).mapToObj(event -> appendAt(event, NOON)).toList();
        take("0");
        commit(List.of(done(0), done(1), done(2)), whole(ids.get(0), 1), whole(ids.get(1), 1), whole(ids.get(2), 1));
        subscribe(PETER_2, "0", EVENTS);
        var second = new Subscription("peter", 2);
        var by = held(PETER_2, "b:1");
        Ends.of(store.take(P, PETER_2, by, "0", 4, 1 << 20));
        Ends.of(store.commit(
                P, second, by, List.of(done(0), done(3)), List.of(whole(ids.get(0), 1), whole(ids.get(3), 1))));

        subscribe(PETER_3, "0", PETER_2);

        var replayed = replayed(PETER_3);
        var again = IntStream.range(0, 6)
                .filter(event -> replayed.includes(ids.get(event), event(event).key()))
                .boxed()
                .toList();
        assertThat(again).containsExactly(0, 1, 2, 3);
    }

    @Test
    void when_the_older_group_was_deleted_by_hand_everything_is_a_replay() {
        var id = appendAt(1, NOON);
        rig.dropGroup(P, EVENTS);

        subscribe(PETER_2, "0", EVENTS);

        assertThat(ids(PETER_2)).containsExactly(id);
        assertThat(replayed(PETER_2).includes(id, event(1).key())).isTrue();
    }

    @Test
    void a_dropped_group_leaves_nothing_and_cannot_be_made_anew() {
        rig.subscribe(P, SHOPS);
        var shop = held(SHOPS, "s:1");
        var many = numbers(3000).stream().map(ContractSteps::done).toList();
        for (var from = 0; from < 3000; from += 500) {
            Ends.of(store.commit(P, SHOP, shop, many.subList(from, from + 500), List.of()));
            commit(many.subList(from, from + 500));
        }
        for (var life : Bucket.Life.values()) {
            Ends.of(store.commit(
                    P,
                    SHOP,
                    shop,
                    List.of(new Finished.Done(event(1, new Bucket(life, Bucket.Unit.DAY, 20_000)), List.of())),
                    List.of()));
        }
        assertThat(redis.client().keys("*shop.2*")).hasSizeGreaterThan(30);

        Ends.ofAny(moves.drop(P, SHOPS));
        Ends.ofAny(moves.drop(P, SHOPS));

        assertThat(redis.client().keys("*shop.2*")).containsExactly("g1:own:{p3}:shop.2");
        assertThat(redis.client().ttl("g1:own:{p3}:shop.2")).isBetween(86_000L, 86_400L);
        assertThat(redis.client().hgetall("g1:ctr:{p3}").keySet()).noneMatch(name -> name.startsWith("shop"));
        assertThat(subscribe(SHOPS, "0")).as("a straggler").isFalse();
        refused(() -> store.take(P, SHOPS, shop, "0", 1, 100));
        assertThat(Ends.of(store.seen(P, PETER, fence, List.of(event(1))))).containsExactly(true);
        Ends.of(store.trim(P, StreamGroup.Stream.EVENTS, List.of("peter.1")));
    }

    @Test
    void a_group_with_a_huge_guard_is_dropped_in_steps() {
        rig.subscribe(P, SHOPS);
        redis.client().hset("g1:oncel:{p3}:shop.2:m", Map.of("h1", "9:12:99999999999", "h2", "0:3:99999999999"));
        redis.client().hset("g1:once:{p3}:shop.2:m:h1:12.4095", "k", "");
        redis.client().hset("g1:once:{p3}:shop.2:m:h2:3.7", "k", "");
        var before = redis.calls("evalsha") + redis.calls("eval");

        Ends.ofAny(moves.drop(P, SHOPS));

        assertThat(redis.calls("evalsha") + redis.calls("eval") - before).isGreaterThan(2);
        assertThat(redis.client().keys("g1:once*shop.2*")).isEmpty();
    }

    @Test
    void a_group_that_fills_a_stream_skips_what_only_it_needs() {
        rig.subscribe(P, SHOPS);
        var shop = held(SHOPS, "s:1");
        var padded = line(0, NOON) + "x".repeat(200);
        var ids = IntStream.range(0, 300).mapToObj(event -> append(padded)).toList();
        Ends.of(store.take(P, SHOPS, shop, "0", 5, 1 << 20));
        var all = take("0");
        commit(
                List.of(),
                all.subList(0, 150).stream().map(entry -> whole(entry.id(), 1)).toArray(FinishedEntry[]::new));

        var half = redis.client().memoryUsage(Keys.in(P)) / 10;
        assertThat(skip(half, "peter.2").events()).as("it may not be skipped").isZero();
        assertThat(skip(Long.MAX_VALUE, "shop.2").events()).as("there is room").isZero();
        assertThat(skip(half, "shop.2")).isEqualTo(new GroupMoves.Skipped(100, true));

        assertThat(counter("shop.2:skipped")).isEqualTo(100);
        assertThat(counter("shop.2:fin")).isEqualTo(100);
        refused(() -> store.take(P, SHOPS, shop, "0", 1, 100));
        var next = held(SHOPS, "s:2");
        assertThat(next.epoch()).isGreaterThan(shop.epoch());
        assertThat(rig.entries(P, StreamGroup.Stream.EVENTS)).doesNotContain(ids.get(50));
        assertThat(skip(half, "shop.2").events()).as("to where peter is").isEqualTo(50);
        assertThat(skip(half, "shop.2")).isEqualTo(new GroupMoves.Skipped(0, false));
        assertThat(take(SHOPS, next, "0")).extracting(Entry::id).isEqualTo(ids.subList(150, 300));
        assertThat(rig.pending(P, EVENTS)).as("nobody else is touched").hasSize(150);
    }

    @Test
    void what_was_done_of_a_skipped_entry_is_not_counted_as_skipped() {
        rig.subscribe(P, SHOPS);
        var shop = held(SHOPS, "s:1");
        var id = append(line(1, NOON), line(2, NOON), line(3, NOON));
        append(line(4, NOON));
        take(SHOPS, shop, "0");
        Ends.of(store.commit(P, SHOP, shop, List.of(done(1)), List.of()));
        take("0");
        commit(List.of(), whole(id, 3));

        skip(1, "shop.2");

        assertThat(counter("shop.2:fin")).isEqualTo(3);
        assertThat(counter("shop.2:done") + counter("shop.2:skipped")).isEqualTo(3);
    }

    @Test
    void an_owner_that_has_nothing_of_it_in_hand_keeps_its_lease() {
        rig.subscribe(P, SHOPS);
        var shop = held(SHOPS, "s:1");
        IntStream.range(0, 10).forEach(event -> appendAt(event, NOON));
        commit(List.of(), take("0").stream().map(entry -> whole(entry.id(), 1)).toArray(FinishedEntry[]::new));

        assertThat(skip(1, "shop.2").events()).isEqualTo(9);

        assertThat(Ends.of(store.take(P, SHOPS, shop, "0", 10, 1 << 20))).hasSize(1);
    }

    private GroupMoves.Skipped skip(long bytes, String mayBeSkipped) {
        return Ends.of(moves.skip(P, SHOPS, bytes, List.of(mayBeSkipped)));
    }

    @Test
    void finished_events_are_kept_while_they_are_young_and_there_is_room() {
        var ids = IntStream.range(0, 20)
                .mapToObj(minute -> appendAt(minute, NOON.plus(Duration.ofMinutes(minute))))
                .toList();
        commit(List.of(), take("0").stream().map(entry -> whole(entry.id(), 1)).toArray(FinishedEntry[]::new));
        var since = RegisterRow.time(NOON.plus(Duration.ofMinutes(15)));

        trim(new Kept(RegisterRow.time(NOON), 1 << 20));
        assertThat(rig.entries(P, StreamGroup.Stream.EVENTS)).hasSize(20);
        trim(new Kept(since, 1 << 20));
        assertThat(rig.entries(P, StreamGroup.Stream.EVENTS)).isEqualTo(ids.subList(15, 20));
        trim(new Kept(since, 1));
        assertThat(rig.entries(P, StreamGroup.Stream.EVENTS)).hasSize(1);
    }

    private void trim(Kept kept) {
        Ends.of(store.trim(P, StreamGroup.Stream.EVENTS, List.of("peter.1"), kept));
    }

    @Test
    void a_look_tells_what_waits_since_when_and_who_has_it() {
        rig.subscribe(P, SHOPS);
        var id = appendAt(1, NOON);
        appendAt(2, NOON.plusSeconds(9));
        take("0");
        commit(List.of(done(1)), whole(id, 1));
        var rows = List.of(row(PETER), row(SHOP));

        var found = Ends.of(moves.backlog(P, rows));

        assertThat(found.bytes()).isPositive();
        var status = SubscriptionStatus.of(rows, List.of(found, found));
        assertThat(status)
                .containsExactly(
                        new SubscriptionStatus(row(PETER), 2, NOON.plusSeconds(9), 2, 0, 0, 0, Map.of("a", 2)),
                        new SubscriptionStatus(row(SHOP), 4, NOON, 0, 0, 0, 0, Map.of()));
        rig.pass(TTL);
        assertThat(Ends.of(moves.backlog(P, rows)).groups().getFirst().owner()).isEmpty();
        var empty = Ends.of(moves.backlog(P + 1, rows));
        assertThat(empty.bytes()).isZero();
        assertThat(empty.groups())
                .extracting(SubscriptionStatus.OfGroup::waiting)
                .containsOnly(0L);
    }

    private static RegisterRow row(Subscription subscription) {
        return RegisterRow.anew(
                        subscription.name(),
                        subscription.generation(),
                        Settings.Start.BEGINNING,
                        Settings.OnFull.REFUSE)
                .with(RegisterRow.State.READY);
    }

    @Test
    void a_missing_group_stops_trimming_whatever_is_kept() {
        rig.subscribe(P, SHOPS);
        appendAt(1, NOON);
        rig.dropGroup(P, SHOPS);

        assertThatThrownBy(ended(() -> store.trim(
                        P,
                        StreamGroup.Stream.EVENTS,
                        List.of("peter.1", "shop.2"),
                        new Kept(RegisterRow.time(NOON), 1))))
                .isInstanceOf(GroupMissing.class);
    }
}
