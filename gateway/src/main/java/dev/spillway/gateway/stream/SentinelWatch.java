// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Asks a sentinel twice a second who the primary is, and lets links to another go. A primary that was demoted while it
 * lives, or cut off from the others, does not know it for up to ten seconds, and takes writes that will be thrown away.
 *
 * <p>Threads: owned by its context; links are added from any.
 */
final class SentinelWatch {
    private static final long EVERY_MS = 500;
    private static final long ANSWER_MS_MAX = 2000;

    private final Vertx vertx;
    private final Context context;
    private final RedisClient client;
    private final RedisURI uri;
    private final List<RedisLink> links = new CopyOnWriteArrayList<>();

    private @Nullable StatefulRedisSentinelConnection<String, String> connection;
    private boolean asking;
    private long timer = -1;

    SentinelWatch(Vertx vertx, Context context, RedisClient client, RedisURI uri) {
        this.vertx = vertx;
        this.context = context;
        this.client = client;
        this.uri = uri;
    }

    void start() {
        context.runOnContext(ignored -> timer = vertx.setPeriodic(EVERY_MS, tick -> ask()));
    }

    /** Watches this one too. */
    void watch(RedisLink link) {
        links.add(link);
    }

    void close() {
        context.runOnContext(ignored -> {
            vertx.cancelTimer(timer);
            hangUp();
        });
    }

    private void ask() {
        if (asking) {
            return;
        }
        asking = true;
        connected()
                .compose(sentinel ->
                        Future.fromCompletionStage(sentinel.async().master(uri.getSentinelMasterId()), context))
                .timeout(ANSWER_MS_MAX, MILLISECONDS)
                .onSuccess(this::told)
                .onFailure(ignored -> hangUp()) // The next one may be asked.
                .onComplete(ignored -> asking = false);
    }

    // Just after a promotion the sentinel has not asked the new primary for its name yet.
    private void told(Map<String, String> primary) {
        var runId = primary.getOrDefault("runid", "");
        if (!runId.isEmpty() && primary.getOrDefault("flags", "").equals("master")) {
            links.forEach(link -> link.leaveUnless(runId));
        }
    }

    private Future<StatefulRedisSentinelConnection<String, String>> connected() {
        var now = connection;
        return now != null && now.isOpen()
                ? Future.succeededFuture(now)
                : Future.fromCompletionStage(client.connectSentinelAsync(StringCodec.UTF8, uri), context)
                        .onSuccess(made -> connection = made);
    }

    private void hangUp() {
        if (connection != null) {
            var unused = connection.closeAsync();
            connection = null;
        }
    }
}
