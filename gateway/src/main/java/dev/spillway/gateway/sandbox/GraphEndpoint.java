// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.gateway.messenger.RawJson;
import dev.spillway.gateway.sandbox.Call.Ending;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code POST /{version}/{page}/messages}: the Send API. Owned by the sandbox's context, but for {@link #usage}. */
final class GraphEndpoint {
    private static final int BODY_MAX = 256 << 10;
    private static final Usage IDLE = new Usage(1, 0);

    /** What the usage header says of a page: a percentage, and minutes until it may call again. */
    record Usage(int percent, int regainMinutes) {}

    /** A call that was read and has a valid token. */
    private record Arrival(HttpServerRequest request, String page, RawJson body, long millis, long nanos) {}

    private final Vertx vertx;
    private final SandboxOptions options;
    private final CallLog log;
    private final Faults faults;
    private final Platform platform;
    private final Chat chat;
    private final Ids ids;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Map<String, String> pageByToken = new HashMap<>();
    // Written by any thread, read by the context; one entry per page at most.
    private final Map<String, Usage> usage = new ConcurrentHashMap<>();

    GraphEndpoint(
            Vertx vertx,
            SandboxOptions options,
            CallLog log,
            Faults faults,
            Platform platform,
            Chat chat,
            Ids ids,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.options = options;
        this.log = log;
        this.faults = faults;
        this.platform = platform;
        this.chat = chat;
        this.ids = ids;
        this.clock = clock;
        this.nanoClock = nanoClock;
        options.pages().forEach((id, page) -> pageByToken.put(page.token(), id));
    }

    /** Answers a send to that page, or to {@code me}. */
    void send(HttpServerRequest request, String target) {
        Bodies.read(request, BODY_MAX, body -> arrive(request, target, body));
    }

    void usage(String page, Usage newUsage) {
        if (options.pages().containsKey(page)) {
            usage.put(page, newUsage);
        }
    }

    void reset() {
        usage.clear();
    }

    private void arrive(HttpServerRequest request, String target, byte[] body) {
        var json = Json.readOrMissing(body);
        var page = pageByToken.get(token(request, json));
        if (page == null || !(target.equals("me") || target.equals(page))) {
            refuse(request, GraphError.TOKEN);
            return;
        }
        var arrival =
                new Arrival(request, page, RawJson.view(body, 0, body.length), clock.millis(), nanoClock.getAsLong());
        switch (SendCheck.check(json)) {
            case Checked.Refused(var error) -> {
                record(arrival, Json.text(json.path("recipient"), "id"), null, null, Ending.REFUSED, false);
                later(options.latency(), () -> refuse(request, error));
            }
            case Checked.Message(var to, var message, var metadata) ->
                meet(arrival, new Send(to, ids.mid(), metadata, message));
            case Checked.Action(var to, var action) -> meet(arrival, new Send(to, null, null, json));
        }
    }

    /** A call that the platform would take: a message, or a sender action, which has no id. */
    private record Send(
            Checked.Recipient to,
            @Nullable String mid,
            @Nullable String metadata,
            JsonNode content) {
        @Override
        public String toString() {
            return "Send";
        }
    }

    private void meet(Arrival arrival, Send send) {
        switch (faults.take(arrival.page())) {
            case null -> takeThenAnswer(arrival, send, Duration.ZERO);
            case Fault.Delay(var by) -> takeThenAnswer(arrival, send, by);
            case Fault.LateAnswer(var by) -> {
                note(arrival, send, Ending.ANSWERED, true);
                take(arrival, send);
                later(by, () -> answer(arrival, send));
            }
            case Fault.Refuse(var status, var code, var subcode, var taken) -> {
                note(arrival, send, Ending.REFUSED, taken);
                takeIf(taken, arrival, send);
                var error = new GraphError(status, code, subcode, "(#" + code + ") Refused by a fault that was set");
                later(options.latency(), () -> {
                    tellUsage(arrival);
                    refuse(arrival.request(), error);
                });
            }
            case Fault.Respond(var status, var body) -> {
                note(arrival, send, Ending.GARBLED, false);
                later(options.latency(), () -> respond(arrival.request(), status, body));
            }
            case Fault.Hang(var taken) -> {
                note(arrival, send, Ending.HUNG, taken);
                takeIf(taken, arrival, send);
            }
            case Fault.Cut(var taken) -> {
                if (taken) {
                    note(arrival, send, Ending.CUT, true);
                    take(arrival, send);
                }
                arrival.request().connection().close();
            }
        }
    }

    private void takeThenAnswer(Arrival arrival, Send send, Duration wait) {
        note(arrival, send, Ending.ANSWERED, true);
        later(wait, () -> {
            take(arrival, send);
            later(options.latency(), () -> answer(arrival, send));
        });
    }

    private void note(Arrival arrival, Send send, Ending ending, boolean taken) {
        var mid = taken ? send.mid() : null;
        record(arrival, send.to().label(), mid, send.metadata(), ending, taken);
    }

    private void record(
            Arrival arrival,
            String recipient,
            @Nullable String mid,
            @Nullable String metadata,
            Ending ending,
            boolean taken) {
        log.add(sequence -> new Call(
                sequence,
                arrival.millis(),
                arrival.nanos(),
                arrival.page(),
                recipient,
                taken,
                mid,
                metadata,
                ending,
                arrival.body()));
    }

    private void takeIf(boolean taken, Arrival arrival, Send send) {
        if (taken) {
            take(arrival, send);
        }
    }

    /** The person gets it. */
    private void take(Arrival arrival, Send send) {
        if (send.mid() == null) {
            chat.action(arrival.page(), send.to().value(), Json.text(send.content(), "sender_action"));
            return;
        }
        chat.answer(arrival.page(), send.to().value(), send.content());
        platform.echo(arrival.page(), send.to(), send.mid(), send.metadata(), send.content());
    }

    private void answer(Arrival arrival, Send send) {
        var ok = Json.object();
        if (!send.to().by().equals("user_ref") && !send.to().by().equals("phone_number")) {
            ok.put("recipient_id", send.to().value());
        }
        if (send.mid() != null) {
            ok.put("message_id", send.mid());
        }
        tellUsage(arrival);
        json(arrival.request(), 200, Json.bytes(ok));
    }

    private void tellUsage(Arrival arrival) {
        if (!arrival.request().response().closed()) {
            var seen = usage.getOrDefault(arrival.page(), IDLE);
            arrival.request().response().putHeader("X-Business-Use-Case-Usage", header(arrival.page(), seen));
        }
    }

    private static String header(String page, Usage seen) {
        return "{\"" + page + "\":[{\"type\":\"messenger\",\"call_count\":" + seen.percent()
                + ",\"total_cputime\":1,\"total_time\":1,\"estimated_time_to_regain_access\":"
                + seen.regainMinutes() + "}]}";
    }

    /** Answers with an error; the trace id stands in the header too. */
    void refuse(HttpServerRequest request, GraphError error) {
        var trace = ids.trace();
        request.response().putHeader("x-fb-trace-id", trace);
        json(request, error.status(), error.json(trace));
    }

    private static void json(HttpServerRequest request, int status, byte[] body) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json; charset=UTF-8")
                    .putHeader("facebook-api-version", "v26.0")
                    .end(Buffer.buffer(body));
        }
    }

    private static void respond(HttpServerRequest request, int status, String body) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "text/html")
                    .end(body);
        }
    }

    private void later(Duration pause, Runnable action) {
        if (pause.isZero()) {
            action.run();
        } else {
            vertx.setTimer(Math.max(1, pause.toMillis()), fired -> action.run());
        }
    }

    private static String token(HttpServerRequest request, JsonNode json) {
        var authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.startsWith("Bearer ")) {
            return authorization.substring("Bearer ".length());
        }
        var parameter = request.getParam("access_token");
        return parameter != null ? parameter : Json.text(json, "access_token");
    }
}
