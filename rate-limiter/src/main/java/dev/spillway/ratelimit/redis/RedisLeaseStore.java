// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.ratelimit.LeaseReply;
import dev.spillway.ratelimit.LeaseRequest;
import dev.spillway.ratelimit.LeaseStore;
import dev.spillway.ratelimit.Refund;
import dev.spillway.ratelimit.Report;
import dev.spillway.ratelimit.Scope;
import dev.spillway.ratelimit.ScopeStatus;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SslOptions;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Scopes kept in Redis: one hash per scope, {@code <prefix>{<scope>}}, one script call per decision.
 *
 * <p>Needs {@code maxmemory-policy noeviction}: an evicted key is a forgotten limit. Every key has a time to live, so nothing is
 * left behind. Commands fail at once while Redis is away, after 50 ms when it is silent, and are never replayed; more than
 * {@link Settings#inFlightMax()} at a time are refused.
 *
 * <p>Threads: any. Stages complete on Lettuce's threads.
 */
public final class RedisLeaseStore implements LeaseStore {
    private final RedisLink link;
    private final Settings settings;
    private final byte[] channel;
    private final byte[] counter;
    private final Script acquire;
    private final Script report;
    private final Script release;

    RedisLeaseStore(RedisLink link, Settings settings) {
        this.link = link;
        this.settings = settings;
        this.channel = Wire.text(settings.keyPrefix() + "signals");
        this.counter = Wire.text(settings.keyPrefix() + "signals:count");
        this.acquire = Script.named("acquire.lua");
        this.report = Script.named("report.lua");
        this.release = Script.named("release.lua");
    }

    /** Connects to a standalone Redis or, with a sentinel URI, to the present primary; blocks until connected. */
    public static RedisLeaseStore connect(ClientResources resources, RedisURI uri, Settings settings) {
        return connect(resources, uri, settings, null);
    }

    /** The same with TLS of one's own: what to trust, and who we are; null is the system's trust. */
    public static RedisLeaseStore connect(
            ClientResources resources, RedisURI uri, Settings settings, @Nullable SslOptions ssl) {
        return new RedisLeaseStore(RedisLink.toPrimary(resources, uri, settings, ssl), settings);
    }

    /** Connects to a Redis Cluster; blocks until connected. */
    public static RedisLeaseStore connectCluster(ClientResources resources, List<RedisURI> seeds, Settings settings) {
        return connectCluster(resources, seeds, settings, null);
    }

    /** The same with TLS of one's own: what to trust, and who we are; null is the system's trust. */
    public static RedisLeaseStore connectCluster(
            ClientResources resources, List<RedisURI> seeds, Settings settings, @Nullable SslOptions ssl) {
        return new RedisLeaseStore(RedisLink.toCluster(resources, seeds, settings, ssl), settings);
    }

    @Override
    public CompletionStage<LeaseReply> acquire(LeaseRequest request) {
        return link.bounded(() -> acquire.<byte[]>call(
                        link.commands(), ScriptOutputType.VALUE, key(request.scope()), Wire.acquire(request)))
                .thenApply(reply -> Wire.reply(request.tariff(), reply));
    }

    @Override
    public CompletionStage<ScopeStatus> report(Report signal) {
        return link.bounded(() -> report.<List<Object>>call(
                        link.commands(), ScriptOutputType.MULTI, key(signal.scope()), Wire.report(signal, channel)))
                .thenApply(Wire::status)
                .whenComplete((status, failure) -> {
                    if (status != null && status.changed()) {
                        var ignored = link.commands().incr(counter); // lost, it is a lost hint: the publish came first
                    }
                });
    }

    @Override
    public CompletionStage<Long> release(Refund refund) {
        return link.bounded(() ->
                release.call(link.commands(), ScriptOutputType.INTEGER, key(refund.scope()), Wire.release(refund)));
    }

    @Override
    public CompletionStage<Pulse> pulse() {
        return link.bounded(
                () -> link.incarnation().thenCombine(link.commands().get(counter), RedisLeaseStore::pulseOf));
    }

    @Override
    public void listen(Consumer<Signal> onSignal) {
        link.subscribe(channel, message -> onSignal.accept(Wire.signal(message, settings.keyPrefix())));
    }

    @Override
    public void close() {
        link.close();
    }

    private byte[] key(Scope scope) {
        return Wire.text(settings.keyPrefix() + "{" + scope.name() + "}");
    }

    private static Pulse pulseOf(String incarnation, byte @Nullable [] count) {
        return new Pulse(incarnation, count == null ? 0 : Long.parseLong(new String(count, UTF_8)));
    }
}
