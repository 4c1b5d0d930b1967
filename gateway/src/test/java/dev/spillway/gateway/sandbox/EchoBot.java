// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** A tiny bot behind a {@link GatewayStub}: answers through the Send API, by turns with each thing a page must show. */
final class EchoBot {
    private final Http graph;
    private final String token;

    EchoBot(Http graph, String token) {
        this.graph = graph;
        this.token = token;
    }

    void hear(GatewayStub.Posted posted) {
        var item = Json.readOrMissing(posted.body().getBytes(StandardCharsets.US_ASCII))
                .at("/entry/0/messaging/0");
        var user = item.at("/sender/id").asText();
        if (item.has("postback")) {
            var ref = item.at("/postback/referral/ref").asText("");
            send(
                    user,
                    text(
                            ref.isEmpty()
                                    ? "Tapped " + item.at("/postback/payload").asText()
                                    : "Sent by " + ref));
        } else if (item.has("referral")) {
            send(user, text("Back by " + item.at("/referral/ref").asText()));
        } else if (!item.at("/message/is_echo").asBoolean()) {
            answer(user, item.path("message"));
        }
    }

    private void answer(String user, JsonNode message) {
        if (message.has("quick_reply")) {
            send(user, buttons());
            return;
        }
        var text = message.path("text").asText();
        switch (text) {
            case "choose" -> send(user, choices());
            case "wait" ->
                graph.postLater(
                        "/v26.0/me/messages",
                        token,
                        recipient(user).put("sender_action", "typing_on").toString());
            default -> send(user, text(text));
        }
    }

    private void send(String user, ObjectNode message) {
        var body = recipient(user).put("messaging_type", "RESPONSE");
        body.set("message", message);
        graph.postLater("/v26.0/me/messages", token, body.toString());
    }

    private static ObjectNode recipient(String user) {
        var body = Json.object();
        body.putObject("recipient").put("id", user);
        return body;
    }

    private static ObjectNode text(String text) {
        return Json.object().put("text", text);
    }

    private static ObjectNode choices() {
        var message = text("Which class are you in?");
        var replies = message.putArray("quick_replies");
        for (var title : new String[] {"Grade 6", "Grade 7", "Grade 8", "Grade 9", "Grade 10", "Français"}) {
            replies.addObject().put("content_type", "text").put("title", title).put("payload", title);
        }
        return message;
    }

    private static ObjectNode buttons() {
        var message = Json.object();
        var payload = message.putObject("attachment").put("type", "template").putObject("payload");
        payload.put("template_type", "button")
                .put("text", "Your exercise is with a tutor. What would you like to do next?");
        var buttons = payload.putArray("buttons");
        buttons.addObject()
                .put("type", "postback")
                .put("title", "Another exercise")
                .put("payload", "AGAIN");
        buttons.addObject()
                .put("type", "web_url")
                .put("title", "Read the lesson")
                .put("url", "https://lesson.test/x");
        return message;
    }
}
