// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.kit.ClusterRig;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What scripts and appends do while a cluster moves the slot of their partition. */
final class ClusterSlotIT {
    private static final int P = 3;
    private static final Subscription PETER = new Subscription("peter", 1);
    private static final StreamGroup EVENTS = StreamGroup.of(PETER);

    private final ClusterRig cluster = ClusterRig.start();
    private final Vertx vertx = Vertx.vertx();
    private final RedisClient client = RedisClient.create();
    private final RedisRig source = cluster.ownerOf(Keys.in(P));
    private final RedisRig target = cluster.primaries().stream()
            .filter(node -> node != source)
            .findFirst()
            .orElseThrow();

    @AfterEach
    void close() {
        client.shutdownAsync(0, 2, TimeUnit.SECONDS).join();
        Ends.ofAny(vertx.close());
        cluster.close();
    }

    private RedisLink link(RedisRig server) {
        client.setOptions(RedisOptions.NEVER_REPLAY);
        var link = new RedisLink(vertx, vertx.getOrCreateContext(), client, RedisURI.create(server.uri()), "slot");
        Ends.ofAny(link.connect());
        return link;
    }

    private static Finished done(long number, long hour) {
        return new Finished.Done(
                new Guarded(new EventKey(number, number), new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, hour)),
                List.of(("reply " + number).getBytes(UTF_8)));
    }

    @Test
    void a_commit_is_done_whole_or_not_at_all_while_its_slot_is_moved() throws Exception {
        var before = link(source);
        var store = new RedisPartitionStore(Links.of(before));
        Ends.ofAny(new GroupMoves(Links.of(before)).subscribe(P, EVENTS, RegisterRow.KEPT, null));
        var fence = ((LeaseAnswer.Held) Ends.of(store.lease(P, EVENTS, "a:1", Duration.ofSeconds(60), false))).fence();
        Ends.ofAny(store.commit(P, PETER, fence, List.of(done(1, 500)), List.of()));

        // The keys of hour 500 are here; those of hour 501 may be at either end, for all that this end knows.
        cluster.startMove(Keys.in(P), target);
        var both = List.of(done(2, 500), done(3, 501));
        assertThatThrownBy(() -> Ends.ofAny(store.commit(P, PETER, fence, both, List.of())))
                .isInstanceOf(Elsewhere.class);

        cluster.move(Keys.in(P), target, Duration.ZERO);
        assertThatThrownBy(() -> Ends.ofAny(store.commit(P, PETER, fence, both, List.of())))
                .isInstanceOf(Elsewhere.class);
        var after = new RedisPartitionStore(Links.of(link(target)));
        var committed = Ends.of(after.commit(P, PETER, fence, both, List.of()));
        assertThat(committed.first()).containsExactly(true, true);
        assertThat(committed.repliesWaiting()).isEqualTo(3);
    }

    @Test
    void an_append_to_a_slot_on_its_way_makes_no_second_stream() throws Exception {
        var before = link(source);
        var line = List.of(PlainCommand.append(P, "{}".getBytes(UTF_8), 1));

        cluster.startMove(Keys.in(P), target);
        var ended = Ends.of(before.dispatch(line)).getFirst();

        assertThat(ended.cause()).isInstanceOf(Elsewhere.class);
        assertThat(source.client().keys("g1:in:*")).isEmpty();
        assertThat(target.client().keys("g1:in:*")).isEmpty();
    }
}
