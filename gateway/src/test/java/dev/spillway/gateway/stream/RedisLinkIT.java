// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.gateway.kit.ScriptedRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a link does with each error, on a server that says what it is told to. */
final class RedisLinkIT {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

    private final ScriptedRedis redis = ScriptedRedis.start();
    private final Vertx vertx = Vertx.vertx();
    private final RedisClient client = RedisClient.create();
    private final RedisLink link;

    RedisLinkIT() {
        client.setOptions(RedisOptions.NEVER_REPLAY);
        link = new RedisLink(vertx, vertx.getOrCreateContext(), client, RedisURI.create(redis.uri()), "test");
        done(link.connect());
    }

    @AfterEach
    void close() {
        link.close();
        client.shutdownAsync(0, 2, TimeUnit.SECONDS).join();
        done(vertx.close());
        redis.close();
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private Throwable told(String error) {
        redis.answer("-" + error);
        var failure = catchThrowable(() -> done(link.call(commands -> commands.hgetall(KEY))));
        redis.answer("+OK");
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    private boolean isUsable() {
        var commands = List.of(PlainCommand.append(0, KEY, 1));
        return done(link.dispatch(commands)).getFirst().succeeded();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MISCONF Errors writing to the AOF file",
                "NOREPLICAS Not enough good replicas to write.",
                "BUSY Redis is busy running a script.",
                "CLUSTERDOWN The cluster is down",
                "MOVED 1 127.0.0.1:1",
                "ASK 1 127.0.0.1:1",
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "NOPERM this user has no permissions to run the 'hgetall' command",
            })
    void what_may_pass_fails_the_call_and_leaves_the_connection(String error) {
        assertThat(told(error)).isInstanceOf(StoreUnavailable.class);

        assertThat(isUsable()).isTrue();
        assertThat(redis.introductions()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "READONLY You can't write against a read only replica.",
                "LOADING Redis is loading the dataset in memory",
                "MASTERDOWN Link with MASTER is down",
                "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
            })
    void a_server_that_is_no_primary_is_left_and_looked_for_anew(String error) throws Exception {
        assertThat(told(error)).isInstanceOf(StoreUnavailable.class);

        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (redis.introductions() < 2 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(redis.introductions()).isEqualTo(2);
    }

    @Test
    void what_a_repeat_cannot_cure_has_a_type_of_its_own() {
        assertThat(told("FENCED the lease is another's")).isInstanceOf(LeaseLost.class);
        assertThat(told("NOGROUP No such key")).isInstanceOf(GroupMissing.class);
        assertThat(told("OOM command not allowed")).isInstanceOf(StoreFull.class);
        assertThat(told("WRONGTYPE Operation against a key")).isInstanceOf(RedisCommandExecutionException.class);
        assertThat(redis.introductions()).isEqualTo(1);
    }

    @Test
    void a_missing_permission_is_named() {
        assertThat(told("NOPERM this user has no permissions to run the 'hgetall' command"))
                .hasMessageContaining("'hgetall'")
                .hasMessageContaining("docs/redis.md");
    }
}
