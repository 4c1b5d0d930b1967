// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what bots outside send. For one body. */
final class ReplyReader {
    /** The JSON is well formed and yet no reply. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        private final String problem;

        private Wrong(String problem) {
            super(problem, null, false, false);
            this.problem = problem;
        }

        String problem() {
            return problem;
        }
    }

    /** One quick reply or button before we know which. */
    private record Choice(
            @Nullable String title,
            @Nullable String payload,
            @Nullable String url) {}

    private final JsonCursor json;

    ReplyReader(JsonCursor json) {
        this.json = json;
    }

    List<Reply> answer() throws MalformedJson, Wrong {
        var replies = new ArrayList<Reply>();
        for (var more = json.beginObject(); more; more = json.nextField()) {
            if (!json.name().equals("replies")) {
                json.skip();
                continue;
            }
            expect('[', "replies: not an array");
            for (var next = json.beginArray(); next; next = json.nextItem()) {
                if (replies.size() == ReplyJson.REPLIES_MAX) {
                    throw new Wrong("replies: more than " + ReplyJson.REPLIES_MAX + " (expected: 0.."
                            + ReplyJson.REPLIES_MAX + ")");
                }
                replies.add(reply());
            }
        }
        return replies;
    }

    Reply reply() throws MalformedJson, Wrong {
        expect('{', "reply: not an object");
        String text = null;
        RawJson message = null;
        List<Choice> quickReplies = null;
        List<Choice> buttons = null;
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "text" -> {
                    expect('"', "text: not a string");
                    text = json.text();
                }
                case "message" -> {
                    expect('{', "message: not an object");
                    var from = json.start();
                    json.skip();
                    message = json.since(from);
                }
                case "quickReplies" -> quickReplies = choices("quickReplies");
                case "buttons" -> buttons = choices("buttons");
                default -> json.skip();
            }
        }
        if (message != null) {
            if (text != null || quickReplies != null || buttons != null) {
                throw new Wrong("message: stands beside text, quickReplies or buttons (expected: alone)");
            }
            return new Reply.Message(message);
        }
        if (text == null) {
            throw new Wrong("reply: neither text nor message");
        }
        if (buttons == null) {
            return new Reply.Text(text, quickReplies(quickReplies == null ? List.of() : quickReplies));
        }
        if (quickReplies != null) {
            throw new Wrong("buttons: stand beside quickReplies (expected: one of them)");
        }
        return new Reply.Buttons(text, buttons(buttons));
    }

    private List<Choice> choices(String field) throws MalformedJson, Wrong {
        expect('[', field + ": not an array");
        var choices = new ArrayList<Choice>();
        for (var more = json.beginArray(); more; more = json.nextItem()) {
            expect('{', field + ": an item is not an object");
            if (choices.size() == ReplyJson.CHOICES_MAX) {
                throw new Wrong(field + ": more than " + ReplyJson.CHOICES_MAX);
            }
            choices.add(choice());
        }
        return choices;
    }

    private Choice choice() throws MalformedJson {
        String title = null;
        String payload = null;
        String url = null;
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "title" -> title = json.text();
                case "payload" -> payload = json.text();
                case "url" -> url = json.text();
                default -> json.skip();
            }
        }
        return new Choice(title, payload, url);
    }

    private static List<Reply.QuickReply> quickReplies(List<Choice> choices) throws Wrong {
        var quickReplies = new ArrayList<Reply.QuickReply>();
        for (var choice : choices) {
            if (choice.title == null || choice.payload == null) {
                throw new Wrong("quickReplies: an item without title or payload");
            }
            quickReplies.add(new Reply.QuickReply(choice.title, choice.payload));
        }
        return quickReplies;
    }

    private static List<Reply.Button> buttons(List<Choice> choices) throws Wrong {
        var buttons = new ArrayList<Reply.Button>();
        for (var choice : choices) {
            if (choice.title != null && choice.payload != null && choice.url == null) {
                buttons.add(new Reply.Button.Postback(choice.title, choice.payload));
            } else if (choice.title != null && choice.url != null && choice.payload == null) {
                buttons.add(new Reply.Button.Link(choice.title, choice.url));
            } else {
                throw new Wrong("buttons: an item without title and exactly one of payload and url");
            }
        }
        return buttons;
    }

    private void expect(int first, String problem) throws MalformedJson, Wrong {
        if (json.peek() != first) {
            throw new Wrong(problem);
        }
    }
}
