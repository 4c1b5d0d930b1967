// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.kit.WithRedis;
import dev.spillway.gateway.messenger.Bucket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scripts keep the contract on a real server, and every key lives as long as it should. */
@WithRedis
final class RedisPartitionStoreIT extends PartitionStoreContract {
    private final RedisRig redis;

    RedisPartitionStoreIT(RedisRig redis) {
        this.redis = redis;
    }

    @Override
    StoreRig open() {
        return new RedisStoreRig(redis);
    }

    @Test
    void every_key_that_grows_with_time_expires_and_no_other_does() {
        for (var life : Bucket.Life.values()) {
            for (var unit : Bucket.Unit.values()) {
                var bucket = new Bucket(life, unit, 20_000);
                commit(List.of(new Finished.Done(event(1, bucket), List.of())));
            }
        }
        var many = new ArrayList<Finished>();
        numbers(700).forEach(number -> many.add(done(number, "r" + number)));
        var id = append("1");
        take("0");
        commit(many, whole(id, 1));
        commit(List.of(dead(9999)));
        var sender = held(StreamGroup.DISPATCH, "d:1");
        var replies = take(StreamGroup.DISPATCH, sender, "0");
        Ends.of(store.begin(P, sender, List.of(attempt(1, 1), attempt(2, 1)), false));
        var settled = new SealedEntry(replies.getFirst().id(), List.of(attempt(1, 1)));
        Ends.of(store.settle(P, sender, List.of(new Sealed.Sent(attempt(1, 1), 1)), List.of(settled)));

        for (var key : redis.client().keys("g1:*")) {
            var seconds = redis.client().ttl(key);
            if (key.startsWith("g1:once")) {
                var life = key.contains(":m") ? 24 : key.contains(":c") ? 48 : 192;
                // A life from the end of the hour; the bucket of a whole day, where there is one, lives a day longer.
                assertThat(seconds - life * 3600L).as(key).isBetween(3600L - 60, 86_400L);
            } else if (key.startsWith("g1:sd:")) {
                assertThat(seconds).as(key).isBetween(7100L, 7200L);
            } else {
                assertThat(seconds).as(key).isEqualTo(-1);
            }
        }
        assertThat(redis.client().keys("g1:once:*")).hasSizeGreaterThan(10);
        assertThat(redis.client().keys("g1:oncel:*")).hasSize(3);
    }

    @Test
    void a_bucket_grows_by_levels_of_small_shards() {
        var many = new ArrayList<Finished>();
        numbers(2000).forEach(number -> many.add(done(number)));
        commit(many);

        var levels = redis.client().hget("g1:oncel:{p3}:peter.1:m", "h" + HOUR);
        assertThat(levels).matches("0:[3-5]:\\d+");
        var shards = redis.client().keys("g1:once:*");
        assertThat(shards).allMatch(shard -> redis.client().hlen(shard) <= 128);
        assertThat(shards.stream().mapToLong(redis.client()::hlen).sum()).isEqualTo(2000);

        commit(List.of(
                new Finished.Done(event(1, new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, HOUR + 1)), List.of())));
        assertThat(redis.client().hget("g1:oncel:{p3}:peter.1:m", "h" + (HOUR + 1)))
                .as("the next hour starts where this one ended")
                .startsWith(levels.charAt(2) + ":" + levels.charAt(2));
    }

    @Test
    void a_full_server_refuses_appends_and_lets_everything_else_go_on() {
        var id = append("1");
        redis.configSet("maxmemory", "1");

        take("0");
        commit(List.of(done(1, "r")), whole(id, 1));
        var sender = held(StreamGroup.DISPATCH, "d:1");
        var reply = take(StreamGroup.DISPATCH, sender, "0").getFirst();
        Ends.of(store.begin(P, sender, List.of(attempt(1, 1)), false));
        Ends.of(store.settle(
                P,
                sender,
                List.of(new Sealed.Sent(attempt(1, 1), 1)),
                List.of(new SealedEntry(reply.id(), List.of(attempt(1, 1))))));
        Ends.of(store.trim(P, StreamGroup.Stream.EVENTS, List.of("peter.1")));

        assertThat(counter("sent")).isEqualTo(1);
        assertThatThrownBy(() -> append("2")).hasMessageContaining("OOM");
    }

    @Test
    void a_server_that_forgot_the_scripts_is_taught_them_again() {
        redis.client().scriptFlush();

        assertThat(take("0")).isEmpty();
    }

    @Test
    void a_stream_made_anew_by_hand_is_an_alarm_and_not_an_empty_stream() {
        redis.client().del("g1:in:{p3}");
        append("1");

        assertThatThrownBy(() -> take("0")).isInstanceOf(GroupMissing.class);
        assertThatThrownBy(() -> Ends.of(store.trim(P, StreamGroup.Stream.EVENTS, List.of("peter.1"))))
                .isInstanceOf(GroupMissing.class);
    }

    @Test
    void dead_letters_are_bounded_in_bytes_and_what_goes_is_counted() {
        var big = new byte[4 << 20];
        for (var number : numbers(6)) {
            commit(List.of(new Finished.Dead(event(number), "r" + number, 1, big)));
        }

        assertThat(rig.letters(P)).extracting(ModelPartition.Letter::reason).containsExactly("r3", "r4", "r5");
        assertThat(counter("dl-dropped")).isEqualTo(3);
        assertThat(counter("dl-bytes")).isBetween(12L << 20, 16L << 20);
    }
}
