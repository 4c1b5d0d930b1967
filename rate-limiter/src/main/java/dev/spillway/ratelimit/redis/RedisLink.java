// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A connection for scripts and one for signals, to a primary or a cluster.
 *
 * <p>While disconnected, commands are refused rather than kept: the outcome of a command is then unknown, but it is never
 * replayed later (Lettuce's default would).
 */
final class RedisLink implements AutoCloseable {
    private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(15);

    private final AbstractRedisClient client;
    private final RedisClusterAsyncCommands<byte[], byte[]> commands;
    private final StatefulRedisPubSubConnection<byte[], byte[]> signals;
    private final Supplier<CompletionStage<String>> incarnation;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final int inFlightMax;
    private final long connectTimeoutNanos;

    private RedisLink(
            AbstractRedisClient client,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            StatefulRedisPubSubConnection<byte[], byte[]> signals,
            Supplier<CompletionStage<String>> incarnation,
            Settings settings) {
        this.client = client;
        this.commands = commands;
        this.signals = signals;
        this.incarnation = incarnation;
        this.inFlightMax = settings.inFlightMax();
        this.connectTimeoutNanos = settings.connectTimeout().toNanos();
    }

    static RedisLink toPrimary(ClientResources resources, RedisURI uri, Settings settings, @Nullable SslOptions ssl) {
        var client = RedisClient.create(resources, uri);
        client.setOptions(shared(ClientOptions.builder(), settings, ssl).build());
        var commands = client.connect(ByteArrayCodec.INSTANCE).async();
        var signals = client.connectPubSub(ByteArrayCodec.INSTANCE);
        return new RedisLink(
                client, commands, signals, () -> commands.info("server").thenApply(RedisLink::runId), settings);
    }

    static RedisLink toCluster(
            ClientResources resources, List<RedisURI> seeds, Settings settings, @Nullable SslOptions ssl) {
        var client = RedisClusterClient.create(resources, seeds);
        var options = ClusterClientOptions.builder()
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                        .build());
        shared(options, settings, ssl);
        client.setOptions(options.build());
        var connection = client.connect(ByteArrayCodec.INSTANCE);
        var signals = client.connectPubSub(ByteArrayCodec.INSTANCE);
        reachAll(connection, settings.connectTimeout());
        return new RedisLink(
                client,
                connection.async(),
                signals,
                () -> {
                    var infos = connection
                            .async()
                            .upstream()
                            .commands()
                            .info("server")
                            .futures();
                    return CompletableFuture.allOf(infos).thenApply(done -> java.util.Arrays.stream(infos)
                            .map(info -> runId(info.join()))
                            .sorted()
                            .collect(Collectors.joining(" ")));
                },
                settings);
    }

    /** The client connects to a primary with the first command for it, and rejects that one: let it be one of no account. */
    private static void reachAll(StatefulRedisClusterConnection<byte[], byte[]> connection, Duration most) {
        var until = System.nanoTime() + most.toNanos();
        for (var node : connection.getPartitions()) {
            var slots = node.getSlots();
            while (!slots.isEmpty() && !reaches(connection, keyIn(slots.getFirst()))) {
                if (System.nanoTime() - until > 0) {
                    return; // it is away: calls for its keys fail until it is back
                }
            }
        }
    }

    private static boolean reaches(StatefulRedisClusterConnection<byte[], byte[]> connection, byte[] key) {
        try {
            connection.sync().exists(key);
            return true;
        } catch (RedisCommandExecutionException e) {
            return true; // it answered, if only that this user may not ask
        } catch (RedisException e) {
            return false;
        }
    }

    private static byte[] keyIn(int slot) {
        for (int i = 0; ; i++) {
            var key = Wire.text("rl:reach:" + i);
            if (SlotHash.getSlot(key) == slot) {
                return key;
            }
        }
    }

    RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return commands;
    }

    /** Makes a call unless too many are without a reply; never throws. */
    <T> CompletionStage<T> bounded(Supplier<CompletionStage<T>> call) {
        if (inFlight.incrementAndGet() > inFlightMax) {
            inFlight.decrementAndGet();
            return CompletableFuture.failedStage(new RejectedExecutionException("too many commands in flight"));
        }
        try {
            return call.get().whenComplete((result, failure) -> inFlight.decrementAndGet());
        } catch (RuntimeException e) { // Lettuce throws when it is closed
            inFlight.decrementAndGet();
            return CompletableFuture.failedStage(e);
        }
    }

    /** The run ids of all primaries: a stored id would survive a failover that lost state. */
    CompletionStage<String> incarnation() {
        return incarnation.get();
    }

    /**
     * The listener runs on Lettuce's thread; it must neither wait nor throw. Blocks: a command's time is for calls that
     * somebody waits for, and this is made once, so it is repeated for as long as a connection may take.
     */
    void subscribe(byte[] channel, Consumer<byte[]> listener) {
        signals.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(byte[] from, byte[] message) {
                listener.accept(message);
            }
        });
        var until = System.nanoTime() + connectTimeoutNanos;
        while (true) {
            try {
                signals.sync().subscribe(channel);
                return;
            } catch (RedisCommandTimeoutException slow) {
                if (System.nanoTime() - until > 0) {
                    throw slow;
                }
            }
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }

    private static <B extends ClientOptions.Builder> B shared(B options, Settings settings, @Nullable SslOptions ssl) {
        options.autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .requestQueueSize(100_000)
                .timeoutOptions(TimeoutOptions.enabled(settings.commandTimeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.connectTimeout())
                        .keepAlive(true)
                        .build());
        if (ssl != null) {
            options.sslOptions(ssl);
        }
        return options;
    }

    static String runId(String info) {
        return info.lines()
                .filter(line -> line.startsWith("run_id:"))
                .findFirst()
                .map(line -> line.substring("run_id:".length()).trim())
                .orElseThrow(() -> new IllegalStateException("INFO has no run_id"));
    }
}
