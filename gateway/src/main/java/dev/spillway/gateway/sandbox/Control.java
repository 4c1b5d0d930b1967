// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The control API under {@code /sandbox/}, for tests in other processes. JSON in, JSON out. */
final class Control {
    private static final int BODY_MAX = 1 << 20;
    private static final int CALLS_MAX = 1_000;

    private final CallLog log;
    private final Faults faults;
    private final Platform platform;
    private final Webhooks webhooks;
    private final WebhookClient client;
    private final Runnable reset;

    Control(CallLog log, Faults faults, Platform platform, Webhooks webhooks, WebhookClient client, Runnable reset) {
        this.log = log;
        this.faults = faults;
        this.platform = platform;
        this.webhooks = webhooks;
        this.client = client;
        this.reset = reset;
    }

    /** Answers {@code METHOD /sandbox/NAME}; false if there is no such thing. */
    boolean handle(String methodAndName, HttpServerRequest request) {
        switch (methodAndName) {
            case "GET calls" -> calls(request);
            case "GET state" -> state(request);
            case "GET faults" -> Answers.json(request, 200, FaultJson.write(faults.rules()));
            case "DELETE faults" -> {
                faults.clear();
                done(request);
            }
            case "POST faults" -> body(request, this::fault);
            case "POST events" -> body(request, this::event);
            case "POST raw" -> body(request, this::raw);
            case "POST reset" -> body(request, this::startOver);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** {@code ?after=SEQUENCE&page=ID}: at most 1,000 calls after that one. */
    private void calls(HttpServerRequest request) {
        var after = number(request.getParam("after"));
        var page = request.getParam("page");
        var answer = Json.object().put("count", log.count());
        var list = answer.putArray("calls");
        log.list(call -> call.sequence() > after && (page == null || page.equals(call.page()))).stream()
                .limit(CALLS_MAX)
                .forEach(call -> list.add(json(call)));
        Answers.json(request, 200, answer);
    }

    private static ObjectNode json(Call call) {
        var json = Json.object()
                .put("sequence", call.sequence())
                .put("receivedAtMillis", call.receivedAtMillis())
                .put("receivedNanos", call.receivedNanos())
                .put("page", call.page())
                .put("recipient", call.recipient())
                .put("taken", call.taken())
                .put("mid", call.mid())
                .put("metadata", call.metadata())
                .put("ending", call.ending().name());
        json.set("body", Json.readOrMissing(call.body().copy()));
        return json;
    }

    private void state(HttpServerRequest request) {
        Answers.json(request, 200, Json.object().put("calls", log.count()).put("webhooksWaiting", webhooks.waiting()));
    }

    private void startOver(HttpServerRequest request, JsonNode ignored) {
        reset.run();
        done(request);
    }

    private void fault(HttpServerRequest request, JsonNode json) {
        var rule = FaultJson.read(json);
        if (rule == null) {
            Answers.problem(request, 400, FaultJson.EXPECTED);
        } else if (faults.add(rule)) {
            done(request);
        } else {
            Answers.problem(request, 409, "too many faults are set");
        }
    }

    /** Answers once the event was taken or given up, or at once with {@code "wait": false}. */
    private void event(HttpServerRequest request, JsonNode json) {
        var event = UserEvents.read(json);
        if (event == null) {
            Answers.problem(request, 400, "one of text, quickReply, postback, referral is needed");
            return;
        }
        var copies = json.path("copies").asInt(1);
        var delivered = platform.happen(Json.text(json, "page"), Json.text(json, "user"), event, copies, attempt -> {});
        if (!json.path("wait").asBoolean(true) && !delivered.failed()) {
            done(request);
            return;
        }
        delivered
                .onSuccess(ended -> Answers.json(
                        request,
                        200,
                        Json.object()
                                .put("mid", ended.mid())
                                .put("status", ended.status())
                                .put("attempts", ended.attempts())
                                .put("millis", ended.millis())))
                .onFailure(refused -> Answers.problem(request, 400, "unknown page, odd user, or too many events"));
    }

    /** Signs {@code body} (text) or {@code base64} for {@code app} and posts it once. */
    private void raw(HttpServerRequest request, JsonNode json) {
        var body = rawBody(json);
        if (body == null) {
            Answers.problem(request, 400, "body (text) or base64 is needed");
            return;
        }
        client.post(Json.text(json, "app"), Buffer.buffer(body))
                .onSuccess(status -> Answers.json(request, 200, Json.object().put("status", status)));
    }

    private static byte @Nullable [] rawBody(JsonNode json) {
        if (json.has("body")) {
            return Json.text(json, "body").getBytes(StandardCharsets.UTF_8);
        }
        try {
            return json.has("base64") ? Base64.getDecoder().decode(Json.text(json, "base64")) : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    @FunctionalInterface
    private interface WithBody {
        void handle(HttpServerRequest request, JsonNode json);
    }

    private static void body(HttpServerRequest request, WithBody then) {
        if (!Answers.isJson(request)) {
            Answers.problem(request, 415, "the body must be application/json");
            return;
        }
        Bodies.read(request, BODY_MAX, body -> then.handle(request, Json.readOrMissing(body)));
    }

    private static void done(HttpServerRequest request) {
        request.response().setStatusCode(204).end();
    }

    private static long number(@Nullable String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
