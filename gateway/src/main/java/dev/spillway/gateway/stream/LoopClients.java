// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Clients of Redis that work on the event loop of their caller: a command is written and its answer is read by the
 * thread that waits for it. On threads of the client's own each command would wake another thread twice.
 *
 * <p>Threads: any.
 */
final class LoopClients {
    private final ClientResources resources;
    private final ClientOptions options;
    private final Map<EventLoop, RedisClient> clients = new HashMap<>();

    LoopClients(ClientResources resources, ClientOptions options) {
        this.resources = resources;
        this.options = options;
    }

    /** The client for this context's event loop. */
    synchronized RedisClient on(Context context) {
        return clients.computeIfAbsent(((ContextInternal) context).nettyEventLoop(), this::client);
    }

    /** Closes every connection. The event loops are not ours, and go on. */
    synchronized CompletableFuture<Void> close() {
        return CompletableFuture.allOf(List.copyOf(clients.values()).stream()
                .map(client -> client.shutdownAsync(0, 2, TimeUnit.SECONDS))
                .toArray(CompletableFuture[]::new));
    }

    private RedisClient client(EventLoop loop) {
        var client = RedisClient.create(
                resources.mutate().eventLoopGroupProvider(new OneLoop(loop)).build());
        client.setOptions(options);
        return client;
    }

    /** Lends one event loop out and never ends it. */
    private record OneLoop(EventLoop loop) implements EventLoopGroupProvider {
        @Override
        @SuppressWarnings(
                "unchecked") // The client names the class it would make; any group that fits the transport does.
        public <T extends EventLoopGroup> T allocate(Class<T> type) {
            return (T) loop;
        }

        @Override
        public int threadPoolSize() {
            return 1;
        }

        @Override
        public Future<Boolean> release(EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }

        @Override
        public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }
    }
}
