// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.Channel;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.messenger.RawJson;
import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.worker.Delivery;
import dev.spillway.gateway.worker.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One person's talk with a Peter, written as a script. Lines with {@code >} are what the person does: text, a
 * {@code [title]} of a quick reply, {@code (start)}, {@code (start REF)}, {@code (link REF)}, {@code (picture)}. Lines
 * with {@code <} are what must come back, with quick replies in brackets. Every event is given to Peter twice.
 */
final class Talk {
    private final Peter peter;
    private final String user;
    private List<Reply> last = List.of();

    Talk(Peter peter, String user) {
        this.peter = peter;
        this.user = user;
    }

    void follows(String script) {
        var said = script.lines().filter(line -> line.startsWith("> ")).toList();
        var talk = new StringBuilder();
        for (var line : said) {
            last = twice(act(line.substring(2)));
            talk.append(line).append('\n');
            last.forEach(reply -> talk.append("< ").append(text(reply)).append('\n'));
        }
        assertThat(talk.toString()).isEqualTo(script);
    }

    List<Reply> twice(Event event) {
        var first = handle(event, 1);
        assertThat(handle(event, 2)).as("the same event again").isEqualTo(first);
        return first;
    }

    private List<Reply> handle(Event event, int attempt) {
        var verdict = peter.handle(new Delivery(event, List.of(), attempt, Instant.EPOCH));
        return ((Verdict.Accept) verdict).replies();
    }

    private Event act(String what) {
        if (what.equals("(picture)")) {
            var message = object();
            message.putArray("attachments").addObject().put("type", "image");
            return event(Kind.MESSAGE, "message", message);
        }
        if (what.startsWith("(start")) {
            var postback = object().put("payload", "GET_STARTED");
            postback.putObject("referral").put("ref", ref(what));
            return event(Kind.POSTBACK, "postback", postback);
        }
        if (what.startsWith("(link")) {
            return event(Kind.REFERRAL, "referral", object().put("ref", ref(what)));
        }
        return what.startsWith("[") ? tap(what.substring(1, what.length() - 1)) : text(what);
    }

    Event text(String text) {
        return event(Kind.MESSAGE, "message", object().put("mid", "m").put("text", text));
    }

    private Event tap(String title) {
        var payload = last.stream()
                .flatMap(reply -> ((Reply.Text) reply).quickReplies().stream())
                .filter(choice -> choice.title().equals(title))
                .findFirst()
                .orElseThrow()
                .payload();
        var message = object().put("text", title);
        message.putObject("quick_reply").put("payload", payload);
        return event(Kind.MESSAGE, "message", message);
    }

    Event event(Kind kind, String key, ObjectNode item) {
        return event(kind, object().<ObjectNode>set(key, item).toString(), false);
    }

    Event event(Kind kind, String raw, boolean standby) {
        return new Event(
                new EventKey(1, 2),
                "demo",
                Channel.MESSENGER,
                "1",
                user,
                "1:" + user,
                kind,
                standby,
                0,
                0,
                new Bucket(Bucket.Life.MESSAGING, Bucket.Unit.HOUR, 0),
                null,
                RawJson.of(raw),
                Event.Mark.NONE);
    }

    private static String ref(String what) {
        var space = what.indexOf(' ');
        return space < 0 ? "" : what.substring(space + 1, what.length() - 1);
    }

    private static String text(Reply reply) {
        var text = (Reply.Text) reply;
        var choices = text.quickReplies().stream().map(Reply.QuickReply::title).collect(Collectors.joining("|"));
        return text.text().replace('\n', '/') + (choices.isEmpty() ? "" : " [" + choices + "]");
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
