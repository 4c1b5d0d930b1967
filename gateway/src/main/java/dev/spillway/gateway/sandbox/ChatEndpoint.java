// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** What the chat page asks for: the pages, the stream of a conversation, and to send something. */
final class ChatEndpoint {
    private static final int BODY_MAX = 16 << 10;

    private final SandboxOptions options;
    private final Chat chat;
    private final Platform platform;

    ChatEndpoint(SandboxOptions options, Chat chat, Platform platform) {
        this.options = options;
        this.chat = chat;
        this.platform = platform;
    }

    /** {@code GET /chat/pages}. */
    void pages(HttpServerRequest request) {
        var answer = Json.object();
        var pages = answer.putArray("pages");
        options.pages().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(1_000)
                .forEach(page -> pages.addObject()
                        .put("id", page.getKey())
                        .put("name", page.getValue().name()));
        Answers.json(request, 200, answer);
    }

    /** {@code GET /chat/events?page=&user=}: server-sent events. */
    void events(HttpServerRequest request) {
        var page = request.getParam("page", "");
        var user = request.getParam("user", "");
        if (!isKnown(page, user)) {
            Answers.problem(request, 400, "page and user are needed, and the page must exist");
            return;
        }
        request.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store");
        chat.watch(page, user, request.response());
    }

    /** {@code POST /chat/messages}: one of text, quickReply, postback, referral. */
    void messages(HttpServerRequest request) {
        if (!Answers.isJson(request)) {
            Answers.problem(request, 415, "the body must be application/json");
            return;
        }
        Bodies.read(request, BODY_MAX, body -> say(request, body));
    }

    private void say(HttpServerRequest request, byte[] body) {
        var json = Json.readOrMissing(body);
        var page = Json.text(json, "page");
        var user = Json.text(json, "user");
        var event = UserEvents.read(json);
        if (event == null || !isKnown(page, user)) {
            Answers.problem(request, 400, "a known page, a user, and something said or tapped are needed");
            return;
        }
        // A link opens a new conversation by its start button, and one that is there by a referral.
        if (event instanceof UserEvent.Referral(var ref) && chat.isNew(page, user)) {
            event = new UserEvent.Postback("Get Started", "GET_STARTED", ref);
        }
        var line = chat.said(page, user, event);
        platform.happen(page, user, event, 1, attempt -> chat.delivery(page, user, line, attempt))
                .onFailure(full -> chat.delivery(page, user, line, new Attempt(0, 0, 0, false)));
        Answers.json(request, 202, Json.object().put("seq", line));
    }

    private boolean isKnown(String page, String user) {
        return options.pages().containsKey(page) && Ids.isPlain(user);
    }
}
