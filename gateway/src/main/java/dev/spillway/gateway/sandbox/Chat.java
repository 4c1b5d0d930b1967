// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conversations that people have in the chat page, and the open pages that watch them. Owned by the sandbox's
 * context.
 *
 * <p>Bound: the last 1,000 conversations, 200 lines of each, 8 open pages per conversation. Only what a chat page has
 * opened is kept, so that other sends cost one look-up.
 */
final class Chat {
    private static final int CONVERSATIONS_MAX = 1_000;
    private static final int LINES_MAX = 200;
    private static final int WATCHERS_MAX = 8;
    private static final int UNSENT_BYTES_MAX = 1 << 20;

    private record Key(String page, String user) {}

    private static final class Conversation {
        private final ArrayDeque<ObjectNode> lines = new ArrayDeque<>();
        private final Set<HttpServerResponse> watchers = new LinkedHashSet<>();
        private long lastSequence;

        private ObjectNode add(ObjectNode line) {
            line.put("seq", ++lastSequence);
            lines.addLast(line);
            if (lines.size() > LINES_MAX) {
                lines.removeFirst();
            }
            return line;
        }
    }

    private final InstantSource clock;
    private final Map<Key, Conversation> conversations = new LinkedHashMap<>(64, 0.75f, true);

    Chat(InstantSource clock) {
        this.clock = clock;
    }

    /** Streams the conversation so far, and then whatever happens in it. */
    void watch(String page, String user, HttpServerResponse stream) {
        var conversation = open(page, user);
        if (conversation.watchers.size() >= WATCHERS_MAX) {
            var oldest = conversation.watchers.iterator().next();
            conversation.watchers.remove(oldest);
            oldest.end();
        }
        stream.setWriteQueueMaxSize(UNSENT_BYTES_MAX);
        conversation.watchers.add(stream);
        stream.closeHandler(gone -> conversation.watchers.remove(stream));
        var history = Json.object();
        history.putArray("lines").addAll(conversation.lines);
        stream.write(frame("history", history));
    }

    /** Whether the conversation has no line yet. */
    boolean isNew(String page, String user) {
        return open(page, user).lines.isEmpty();
    }

    /** Adds what the person did; returns the number of the line. */
    long said(String page, String user, UserEvent event) {
        var conversation = open(page, user);
        var line = Json.object().put("from", "user").put("at", clock.millis());
        switch (event) {
            case UserEvent.Text(var text) -> line.put("text", text);
            case UserEvent.QuickReply(var title, var payload) -> line.put("text", title);
            case UserEvent.Postback(var title, var payload, var ref) ->
                line.put("text", title).put("ref", ref);
            case UserEvent.Referral(var ref) -> line.put("text", "").put("ref", ref);
        }
        push(conversation, "line", conversation.add(line));
        return conversation.lastSequence;
    }

    /** Notes how the delivery of a line goes. */
    void delivery(String page, String user, long sequence, Attempt attempt) {
        var conversation = conversations.get(new Key(page, user));
        if (conversation == null) {
            return;
        }
        var delivery = Json.object()
                .put("status", attempt.status())
                .put("attempts", attempt.number())
                .put("millis", attempt.millis())
                .put("retried", attempt.retried());
        for (var line : conversation.lines) {
            if (line.path("seq").longValue() == sequence) {
                line.set("delivery", delivery);
            }
        }
        push(conversation, "delivery", delivery.deepCopy().put("of", sequence));
    }

    /** Adds a message of the page, if the person sits at a chat page. */
    void answer(String page, String user, JsonNode message) {
        var conversation = watched(page, user);
        if (conversation != null) {
            var line = Json.object().put("from", "page").put("at", clock.millis());
            line.set("message", message);
            push(conversation, "line", conversation.add(line));
        }
    }

    /** Shows a sender action. It is not kept. */
    void action(String page, String user, String action) {
        var conversation = watched(page, user);
        if (conversation != null) {
            push(conversation, "action", Json.object().put("action", action));
        }
    }

    /** Keeps the streams open through proxies, and finds out which are gone. */
    void beat() {
        for (var conversation : conversations.values()) {
            List.copyOf(conversation.watchers).forEach(stream -> write(conversation, stream, ": beat\n\n"));
        }
    }

    void reset() {
        conversations.values().forEach(conversation -> {
            conversation.lines.clear();
            push(
                    conversation,
                    "history",
                    Json.object().set("lines", Json.object().arrayNode()));
        });
    }

    private @Nullable Conversation watched(String page, String user) {
        return conversations.isEmpty() ? null : conversations.get(new Key(page, user));
    }

    private Conversation open(String page, String user) {
        var conversation = conversations.computeIfAbsent(new Key(page, user), any -> new Conversation());
        if (conversations.size() > CONVERSATIONS_MAX) {
            var oldest = conversations.entrySet().iterator();
            List.copyOf(oldest.next().getValue().watchers).forEach(HttpServerResponse::end);
            oldest.remove();
        }
        return conversation;
    }

    private static void push(Conversation conversation, String event, JsonNode data) {
        var frame = frame(event, data);
        List.copyOf(conversation.watchers).forEach(stream -> write(conversation, stream, frame));
    }

    private static void write(Conversation conversation, HttpServerResponse stream, String frame) {
        if (stream.closed() || stream.writeQueueFull()) {
            // Too slow: the page connects again and gets the conversation from the start.
            conversation.watchers.remove(stream);
            if (!stream.closed()) {
                stream.end();
            }
            return;
        }
        stream.write(frame);
    }

    private static String frame(String event, JsonNode data) {
        return "event: " + event + "\ndata: " + new String(Json.bytes(data), StandardCharsets.UTF_8) + "\n\n";
    }
}
