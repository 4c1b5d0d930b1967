// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Speaks to Redis through the proxy by a bare socket, so that every byte that arrives, or does not, is seen. */
@WithRedis
@Timeout(60)
final class FaultProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ADD = "XADD s * n 1";

    private final RedisRig redis;
    private final FaultProxy proxy;

    FaultProxyIT(RedisRig redis) {
        this.redis = redis;
        this.proxy = FaultProxy.toRedis(redis.port());
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void a_swallowed_reply_means_done_on_the_server_and_a_broken_connection_for_the_client() throws Exception {
        var fault = proxy.swallowReply(CommandMatch.named("XADD"), 1);
        try (var client = new RespSocket(proxy.port())) {
            assertThat(client.ask("PING")).isEqualTo("+PONG");

            assertThatThrownBy(() -> client.ask(ADD)).isInstanceOf(IOException.class);
        }

        assertThat(fault.awaitStruck(PATIENCE)).isTrue();
        assertThat(redis.client().xlen("s")).isEqualTo(1);
        assertThat(proxy.hits()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void in_a_pipeline_the_replies_before_the_swallowed_one_arrive_and_the_commands_after_it_do_not_run(int nth)
            throws Exception {
        proxy.swallowReply(CommandMatch.named("XADD"), nth);
        try (var client = new RespSocket(proxy.port())) {
            client.send(Stream.generate(() -> ADD).limit(5).toArray(String[]::new));

            for (int i = 1; i < nth; i++) {
                assertThat(client.read()).startsWith("$");
            }
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }

        assertThat(redis.client().xlen("s")).isEqualTo(nth);
    }

    @Test
    void a_pipeline_can_run_to_its_end_without_one_reply_from_the_third_on() throws Exception {
        proxy.swallowReplies(CommandMatch.named("XADD"), 3, 3);
        try (var client = new RespSocket(proxy.port())) {
            client.send(ADD, ADD, ADD, ADD, ADD);

            client.read();
            client.read();
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }

        assertThat(redis.client().xlen("s")).isEqualTo(5);
    }

    @Test
    void a_cut_before_a_command_leaves_everything_before_it_done_and_answered() throws Exception {
        var fault = proxy.cutBefore(CommandMatch.named("XADD"), 3);
        try (var client = new RespSocket(proxy.port())) {
            client.send(ADD, ADD, ADD, ADD);

            client.read();
            client.read();
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }

        assertThat(fault.awaitStruck(PATIENCE)).isTrue();
        assertThat(fault.seen()).isEqualTo(3);
        assertThat(redis.client().xlen("s")).isEqualTo(2);
    }

    @Test
    void a_cut_before_the_first_command_needs_no_reply_to_happen() throws Exception {
        proxy.cutBefore(CommandMatch.any(), 1);
        try (var client = new RespSocket(proxy.port())) {
            assertThatThrownBy(() -> client.ask(ADD)).isInstanceOf(IOException.class);
        }

        assertThat(redis.client().exists("s")).isZero();
    }

    @Test
    void a_script_is_met_by_its_name() throws Exception {
        var text = "return\tredis.call('INCR',KEYS[1])"; // one word for RespSocket
        var sha = redis.client().scriptLoad(text);
        proxy.scripts(hash -> hash.equals(sha) ? "count" : hash);
        proxy.swallowReply(CommandMatch.script("count"), 2);
        try (var client = new RespSocket(proxy.port())) {
            assertThat(client.ask("EVALSHA " + sha + " 1 n")).isEqualTo(":1");
            assertThatThrownBy(() -> client.ask("EVAL " + text + " 1 n")).isInstanceOf(IOException.class);
        }

        assertThat(redis.client().get("n")).isEqualTo("2");
        assertThat(proxy.commands()).map(Command::toString).containsExactly("EVALSHA count", "EVAL count");
    }

    @Test
    void replies_nested_and_large_and_split_are_paired_with_their_commands() throws Exception {
        var big = "x".repeat(300_000);
        proxy.swallowReply(CommandMatch.named("GET"), 2);
        try (var client = new RespSocket(proxy.port())) {
            assertThat(client.ask("HELLO 3")).startsWith("%");
            assertThat(client.ask("SET big " + big)).isEqualTo("+OK");
            assertThat(client.ask("XADD s 1-1 n " + big)).contains("1-1");
            assertThat(client.ask("XRANGE s - +")).contains(big);
            assertThat(client.ask("HSET h a 1 b 2")).isEqualTo(":2");
            client.send("XINFO STREAM s FULL", "HGETALL h", "GET none", "SMEMBERS none", "GET big", "PING");

            assertThat(client.read()).contains(big);
            assertThat(client.read()).startsWith("%2");
            assertThat(client.read()).isEqualTo("_");
            assertThat(client.read()).startsWith("~0");
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_reply_that_comes_late_to_a_blocking_command_is_still_its_own() throws Exception {
        proxy.swallowReply(CommandMatch.named("XREAD"), 1);
        try (var reader = new RespSocket(proxy.port());
                var writer = new RespSocket(proxy.port())) {
            reader.send("XREAD BLOCK 10000 STREAMS s $");
            awaitBlockedClient();
            assertThat(writer.ask(ADD)).startsWith("$");

            assertThatThrownBy(reader::read).isInstanceOf(IOException.class);
            assertThat(writer.ask("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void pushes_come_between_replies_without_being_taken_for_one() throws Exception {
        proxy.swallowReply(CommandMatch.named("ECHO"), 1);
        try (var client = new RespSocket(proxy.port())) {
            client.ask("HELLO 3");
            assertThat(client.ask("SUBSCRIBE news")).startsWith(">");
            client.send("XREAD BLOCK 10000 STREAMS s $", "ECHO lost");
            awaitBlockedClient();
            redis.client().publish("news", "one");
            assertThat(client.read()).contains("one");
            redis.client().xadd("s", Map.of("n", "1"));
            assertThat(client.read()).startsWith("%1");

            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void latency_delays_both_ways_but_does_not_serialise_a_pipeline() throws Exception {
        try (var client = new RespSocket(proxy.port())) {
            client.ask("PING");
            proxy.latency(Duration.ofMillis(100), Duration.ofMillis(100));

            var start = System.nanoTime();
            client.send(IntStream.range(0, 50).mapToObj(i -> "PING").toArray(String[]::new));
            for (int i = 0; i < 50; i++) {
                assertThat(client.read()).isEqualTo("+PONG");
            }

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
        }
    }

    @Test
    void bandwidth_is_a_ceiling() throws Exception {
        redis.client().set("big", "x".repeat(50_000));
        try (var client = new RespSocket(proxy.port())) {
            client.ask("PING");
            proxy.bandwidth(100_000);

            var start = System.nanoTime();
            assertThat(client.ask("GET big")).hasSizeGreaterThan(50_000);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(450));
        }
    }

    @Test
    void a_black_hole_swallows_everything_until_it_closes() throws Exception {
        try (var client = new RespSocket(proxy.port())) {
            client.ask("PING");
            proxy.blackHole();
            client.send(ADD);
            client.timeout(Duration.ofMillis(300));
            assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
            assertThat(redis.client().exists("s")).isZero();
            try (var late = new RespSocket(proxy.port())) {
                late.timeout(Duration.ofMillis(300));
                assertThatThrownBy(() -> late.ask("PING")).isInstanceOf(SocketTimeoutException.class);
            }

            proxy.heal();

            client.timeout(PATIENCE);
            assertThat(client.read()).startsWith("$");
            assertThat(redis.client().xlen("s")).isEqualTo(1);
        }
    }

    @Test
    void a_black_hole_one_way_lets_commands_run_unanswered() throws Exception {
        try (var client = new RespSocket(proxy.port())) {
            client.ask("PING");
            proxy.blackHole(FaultProxy.Direction.TO_CLIENT);
            client.timeout(Duration.ofMillis(300));

            assertThatThrownBy(() -> client.ask(ADD)).isInstanceOf(SocketTimeoutException.class);

            assertThat(redis.client().xlen("s")).isEqualTo(1);
        }
    }

    @Test
    void a_cut_breaks_every_connection_and_new_ones_work() throws Exception {
        try (var one = new RespSocket(proxy.port());
                var two = new RespSocket(proxy.port())) {
            one.ask("PING");
            two.ask("PING");

            assertThat(proxy.cutAll()).isEqualTo(2);

            assertThatThrownBy(() -> one.ask("PING")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> two.ask("PING")).isInstanceOf(IOException.class);
            assertThat(proxy.connections()).isZero();
        }
        try (var after = new RespSocket(proxy.port())) {
            assertThat(after.ask("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void a_refusing_proxy_keeps_what_it_has_and_lets_nobody_new_in() throws Exception {
        try (var client = new RespSocket(proxy.port())) {
            client.ask("PING");
            proxy.refuse();

            assertThat(client.ask("PING")).isEqualTo("+PONG");
            assertThatThrownBy(() -> new RespSocket(proxy.port())).isInstanceOf(ConnectException.class);

            proxy.heal();
            try (var after = new RespSocket(proxy.port())) {
                assertThat(after.ask("PING")).isEqualTo("+PONG");
            }
        }
    }

    @Test
    void a_half_closed_connection_ends_for_one_side_only() throws Exception {
        try (var client = new RespSocket(proxy.port())) {
            client.ask("PING");
            proxy.halfClose(FaultProxy.Direction.TO_CLIENT);

            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
            client.send(ADD);
            while (redis.client().exists("s") == 0) {
                Thread.sleep(10);
            }
        }
    }

    @Test
    void a_dead_server_breaks_the_connection_and_a_new_one_finds_it_restarted() throws Exception {
        try (var client = new RespSocket(proxy.port())) {
            client.ask("PING");
            redis.kill9();
            assertThatThrownBy(() -> client.ask("PING")).isInstanceOf(IOException.class);
        }

        redis.restart();

        try (var client = new RespSocket(proxy.port())) {
            assertThat(client.ask("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void a_client_that_leaves_takes_its_connection_to_the_server_along() throws Exception {
        try (var client = new RespSocket(proxy.port())) {
            client.ask("PING");
            assertThat(proxy.connections()).isEqualTo(1);
        }

        while (proxy.connections() > 0) {
            Thread.sleep(10);
        }
    }

    @Test
    void without_reading_commands_the_next_reply_can_still_be_lost() throws Exception {
        try (var raw = FaultProxy.toTcp(redis.port());
                var client = new RespSocket(raw.port())) {
            client.ask("PING");
            var fault = raw.cutAtNextReply();

            assertThatThrownBy(() -> client.ask(ADD)).isInstanceOf(IOException.class);

            assertThat(fault.awaitStruck(PATIENCE)).isTrue();
            assertThat(redis.client().xlen("s")).isEqualTo(1);
        }
    }

    @Test
    void a_reply_that_is_not_resp_fails_the_test_that_relied_on_it() throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var proxied = FaultProxy.toRedis(listener.getLocalPort());
            try (var client = new RespSocket(proxied.port());
                    var server = listener.accept()) {
                server.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThatThrownBy(client::read).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(proxied::close).hasMessageContaining("could not follow");
        }
    }

    private void awaitBlockedClient() throws InterruptedException {
        while (!"1".equals(redis.info("clients").get("blocked_clients"))) {
            Thread.sleep(10);
        }
    }
}
