// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import dev.spillway.gateway.async.Permits;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.config.Tuning;
import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Handshake;
import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.messenger.Notifications;
import dev.spillway.gateway.messenger.RawJson;
import dev.spillway.gateway.messenger.Signature;
import dev.spillway.gateway.stream.EventLog;
import dev.spillway.gateway.stream.ReplyId;
import dev.spillway.gateway.stream.ReplyMetadata;
import dev.spillway.gateway.stream.StoreFull;
import dev.spillway.gateway.stream.StoreUnavailable;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to a request on the public port. Threads: safe for all event loops. */
final class Webhooks {
    private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
    private static final String PATH = "/webhooks/";
    private static final CharSequence SIGNATURE = HttpHeaders.createOptimized(Signature.HEADER);
    private static final Future<Answer> STORED = Future.succeededFuture(Answer.STORED);

    private final Map<String, App> apps = new HashMap<>();
    private final Notifications notifications = new Notifications();
    private final Tuning.Ingest limits;
    private final EventLog eventLog;
    private final Permits bytes;
    private final Permits events;
    private final Shedding shedding;
    private final IngestMetrics metrics;

    Webhooks(
            Settings settings,
            EventLog eventLog,
            Permits bytes,
            Permits events,
            PageShares shares,
            IngestMetrics metrics) {
        this.shedding = new Shedding(eventLog, shares);
        settings.apps().forEach((name, app) -> apps.put(name, new App(name, app)));
        this.limits = settings.ingest();
        this.eventLog = eventLog;
        this.bytes = bytes;
        this.events = events;
        this.metrics = metrics;
    }

    Collection<App> apps() {
        return apps.values();
    }

    /** Answers a request whose head is whole. */
    void handle(Connection connection, HttpServerRequest request) {
        if (!connection.request()) {
            // Sent after one that was refused. Its sender has been told that nothing more is read.
            return;
        }
        var exchange = new Exchange(connection, request, metrics);
        var app = app(request.path());
        if (request.version() == null) {
            exchange.answer(Answer.MALFORMED);
        } else if (app == null) {
            exchange.answer(Answer.UNKNOWN_PATH);
        } else if (HttpMethod.GET.equals(request.method())) {
            handshake(exchange, app);
        } else if (HttpMethod.POST.equals(request.method())) {
            receive(exchange, app);
        } else {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, POST");
            exchange.answer(Answer.WRONG_METHOD);
        }
    }

    /** Answers what could not be read as a request. */
    void refuse(Connection connection, HttpServerRequest request) {
        if (connection.request()) {
            new Exchange(connection, request, metrics)
                    .answer(
                            switch (request.decoderResult().cause()) {
                                case TooLongHttpLineException ignored -> Answer.LINE_TOO_LONG;
                                case TooLongHttpHeaderException ignored -> Answer.HEADERS_TOO_LARGE;
                                case null, default -> Answer.MALFORMED;
                            });
        }
    }

    private @Nullable App app(@Nullable String path) {
        return path == null || !path.startsWith(PATH) ? null : apps.get(path.substring(PATH.length()));
    }

    private static void handshake(Exchange exchange, App app) {
        var decided =
                Handshake.answer(exchange.request().params()::get, app.now().verifyToken());
        switch (decided) {
            case Handshake.Answer.Challenge(var text) -> exchange.challenge(text);
            case Handshake.Answer.WrongToken ignored -> exchange.answer(Answer.HANDSHAKE_REFUSED);
            case Handshake.Answer.Incomplete ignored -> exchange.answer(Answer.HANDSHAKE_INCOMPLETE);
        }
    }

    private void receive(Exchange exchange, App app) {
        var request = exchange.request();
        var signature = request.getHeader(SIGNATURE);
        if (signature == null) {
            exchange.answer(Answer.FORGED);
            return;
        }
        Body.read(exchange, bytes, limits.bodyBytesMax()).onComplete(read -> {
            if (read.succeeded()) {
                take(exchange, app, signature, read.result());
            } else {
                exchange.answer(refusal(read.cause()));
            }
        });
    }

    private void take(Exchange exchange, App app, String signature, byte[] body) {
        take(app, signature, body).onComplete(ended -> {
            bytes.release(body.length);
            exchange.answer(ended.succeeded() ? ended.result() : refusal(ended.cause()));
        });
    }

    private Future<Answer> take(App app, String signature, byte[] body) {
        var secret = app.now().signature().check(signature, body);
        if (secret == Signature.FORGED) {
            return Future.succeededFuture(Answer.FORGED);
        }
        metrics.signedWith(secret);
        var started = System.nanoTime();
        return switch (notifications.read(app.name(), body, System.currentTimeMillis())) {
            case Notifications.Reading.Events(var read) -> store(read, started);
            case Notifications.Reading.Unreadable(var reason) -> {
                // It is signed, so a refusal would only make the platform send it again, and in the end unsubscribe us.
                log.atWarn()
                        .addKeyValue("app", app.name())
                        .addKeyValue("reason", reason)
                        .log("A signed body went to quarantine");
                metrics.quarantined();
                yield eventLog.quarantine(app.name(), reason.name(), RawJson.view(body, 0, body.length))
                        .map(Answer.STORED);
            }
        };
    }

    private Future<Answer> store(List<Event> read, long startedNanos) {
        if (read.isEmpty()) {
            return Future.succeededFuture(Answer.STORED);
        }
        var ours = ours(read);
        var refusal = refusal(read, ours);
        if (refusal != null) {
            // What the platform showed us of our own replies is believed all the same.
            return echoed(ours).otherwiseEmpty().map(refusal);
        }
        return echoed(ours).compose(ignored -> eventLog.append(read)).transform(ended -> {
            events.release(read.size());
            if (ended.failed()) {
                return Future.failedFuture(ended.cause());
            }
            metrics.stored(read, System.nanoTime() - startedNanos);
            return STORED;
        });
    }

    private @Nullable Answer refusal(List<Event> read, List<ReplyId> ours) {
        var shed = shedding.refusal(read, !ours.isEmpty());
        if (shed != null) {
            return shed;
        }
        return events.tryAcquire(read.size()) ? null : Answer.BUSY;
    }

    // An echo of a reply of ours settles a send in doubt. It is marked before it is appended: where replicas confirm
    // the
    // append, they have the mark as well, and if it changed nothing, the settlement that came before it. Otherwise a
    // failover could take back both, and the reply would go out again.
    private Future<Void> echoed(List<ReplyId> ours) {
        return ours.isEmpty() ? Future.succeededFuture() : eventLog.echoed(ours);
    }

    private static List<ReplyId> ours(List<Event> read) {
        List<ReplyId> ours = List.of();
        for (var event : read) {
            var reply = event.kind() == Kind.ECHO && Content.of(event) instanceof Content.Echo echo
                    ? ReplyMetadata.read(echo.metadata())
                    : null;
            if (reply != null) {
                ours = ours.isEmpty() ? new ArrayList<>() : ours;
                ours.add(reply);
            }
        }
        return ours;
    }

    private static Answer refusal(Throwable failure) {
        return switch (failure) {
            case Body.Refused refused -> refused.answer();
            case StoreFull ignored -> Answer.STORE_FULL;
            case StoreUnavailable ignored -> Answer.STORE_AWAY;
            default -> {
                log.atError().setCause(failure).log("A notification could not be handled");
                yield Answer.FAILED;
            }
        };
    }
}
