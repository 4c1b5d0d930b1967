// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.ratelimit.BreakerCall;
import dev.spillway.ratelimit.BreakerKey;
import dev.spillway.ratelimit.BreakerState;
import dev.spillway.ratelimit.BreakerStore;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SslOptions;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shared breakers kept in Redis: one hash per breaker, {@code <prefix>breaker:{<key>}}, one script call per word.
 *
 * <p>Threads: any. Stages complete on Lettuce's threads.
 */
public final class RedisBreakerStore implements BreakerStore {
    private final RedisLink link;
    private final String prefix;
    private final byte[] channel;
    private final byte[] counter;
    private final Script script = Script.named("breaker.lua");

    private RedisBreakerStore(RedisLink link, Settings settings) {
        this.link = link;
        this.prefix = settings.keyPrefix() + "breaker:";
        this.channel = Wire.text(settings.keyPrefix() + "breakers");
        this.counter = Wire.text(settings.keyPrefix() + "breakers:count");
    }

    /** Connects to a standalone Redis or, with a sentinel URI, to the present primary; blocks until connected. */
    public static RedisBreakerStore connect(ClientResources resources, RedisURI uri, Settings settings) {
        return connect(resources, uri, settings, null);
    }

    /** The same with TLS of one's own: what to trust, and who we are; null is the system's trust. */
    public static RedisBreakerStore connect(
            ClientResources resources, RedisURI uri, Settings settings, @Nullable SslOptions ssl) {
        return new RedisBreakerStore(RedisLink.toPrimary(resources, uri, settings, ssl), settings);
    }

    /** Connects to a Redis Cluster; blocks until connected. */
    public static RedisBreakerStore connectCluster(ClientResources resources, List<RedisURI> seeds, Settings settings) {
        return connectCluster(resources, seeds, settings, null);
    }

    /** The same with TLS of one's own: what to trust, and who we are; null is the system's trust. */
    public static RedisBreakerStore connectCluster(
            ClientResources resources, List<RedisURI> seeds, Settings settings, @Nullable SslOptions ssl) {
        return new RedisBreakerStore(RedisLink.toCluster(resources, seeds, settings, ssl), settings);
    }

    @Override
    public CompletionStage<BreakerState> call(BreakerCall call) {
        return link.bounded(() -> script.<List<Object>>call(
                        link.commands(),
                        ScriptOutputType.MULTI,
                        Wire.text(prefix + "{" + call.key().name() + "}"),
                        Wire.breaker(call, channel)))
                .thenApply(Wire::breaker)
                .whenComplete((state, failure) -> {
                    if (state != null && state.changed()) {
                        var ignored = link.commands().incr(counter); // lost, it is a lost hint: the publish came first
                    }
                });
    }

    @Override
    public CompletionStage<Long> changes() {
        return link.bounded(() -> link.commands().get(counter))
                .thenApply(count -> count == null ? 0 : Long.parseLong(new String(count, UTF_8)));
    }

    @Override
    public void listen(Consumer<BreakerKey> onChange) {
        link.subscribe(
                channel,
                message -> onChange.accept(
                        new BreakerKey(Wire.signal(message, prefix).scope().name())));
    }

    @Override
    public void close() {
        link.close();
    }
}
