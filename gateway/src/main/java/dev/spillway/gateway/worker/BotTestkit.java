// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Notifications;
import dev.spillway.gateway.messenger.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a bot as a worker would, in a unit test and without Redis.
 *
 * <p>What a person does becomes a webhook body, which is read as ingest reads it; what the bot answers is checked as a
 * worker checks it. The bot is called on the caller's thread and without a time limit, and what it throws is thrown.
 */
public final class BotTestkit {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String APP = "test";
    private static final String PAGE = "100200300400500";

    /**
     * One run of the bot.
     *
     * @param refusal why a worker would not send the replies; such a run counts as failed there
     */
    public record Run(Delivery delivery, Verdict verdict, Optional<String> refusal) {
        /** What it wants to say; nothing unless it accepted. */
        public List<Reply> replies() {
            return verdict instanceof Verdict.Accept accept ? accept.replies() : List.of();
        }

        /** The texts among its replies. */
        public List<String> texts() {
            return replies().stream()
                    .filter(Reply.Text.class::isInstance)
                    .map(reply -> ((Reply.Text) reply).text())
                    .toList();
        }
    }

    private final Bot bot;
    private final InstantSource clock;
    private int events;

    private BotTestkit(Bot bot, InstantSource clock) {
        this.bot = bot;
        this.clock = clock;
    }

    /** For this bot, by the system's clock. */
    public static BotTestkit of(Bot bot) {
        return of(bot, InstantSource.system());
    }

    /** For this bot, by another clock. */
    public static BotTestkit of(Bot bot, InstantSource clock) {
        return new BotTestkit(bot, clock);
    }

    /** A person writes. */
    public Run text(String user, String text) throws Exception {
        return happens(user, item -> message(item).put("text", text));
    }

    /** A person writes a few texts in quick succession, which {@code coalesce} joins; one at least. */
    public Run texts(String user, List<String> texts) throws Exception {
        var events = new ArrayList<Event>();
        for (var text : texts) {
            events.addAll(read(body(user, item -> message(item).put("text", text))));
        }
        return run(events.getLast(), events.subList(0, events.size() - 1), 1);
    }

    /** A person taps a quick reply. */
    public Run quickReply(String user, String text, String payload) throws Exception {
        return happens(
                user,
                item -> message(item).put("text", text).putObject("quick_reply").put("payload", payload));
    }

    /** A person presses a button of a template, or the button to get started. */
    public Run postback(String user, String title, String payload) throws Exception {
        return happens(user, item -> item.putObject("postback")
                .put("mid", "m_test_" + events)
                .put("title", title)
                .put("payload", payload));
    }

    /** Every event of a real webhook body, in its order. Throws {@link IllegalArgumentException} if nobody can read it. */
    public List<Run> webhook(byte[] body) throws Exception {
        var runs = new ArrayList<Run>();
        for (var event : read(body)) {
            runs.add(run(event, List.of(), 1));
        }
        return runs;
    }

    private List<Event> read(byte[] body) {
        return switch (new Notifications().read(APP, body.clone(), clock.millis())) {
            case Notifications.Reading.Events read -> read.events();
            case Notifications.Reading.Unreadable unreadable ->
                throw new IllegalArgumentException("not a webhook body: " + unreadable.reason());
        };
    }

    /** The same event once more, as after a crash or a release: what the bot does must not differ for it. */
    public Run again(Run before) throws Exception {
        var delivery = before.delivery();
        return run(delivery.event(), delivery.earlier(), delivery.attempt() + 1);
    }

    private Run happens(String user, Consumer<ObjectNode> what) throws Exception {
        return webhook(body(user, what)).getFirst();
    }

    private byte[] body(String user, Consumer<ObjectNode> what) {
        events++;
        var now = clock.millis();
        var root = JSON.createObjectNode().put("object", "page");
        var entry = root.putArray("entry").addObject().put("id", PAGE).put("time", now);
        var item = entry.putArray("messaging").addObject();
        item.putObject("sender").put("id", user);
        item.putObject("recipient").put("id", PAGE);
        item.put("timestamp", now);
        what.accept(item);
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode message(ObjectNode item) {
        return item.putObject("message").put("mid", "m_test_" + events);
    }

    private Run run(Event event, List<Event> earlier, int attempt) throws Exception {
        var replyBy = Instant.ofEpochMilli(event.occurredAtMillis()).plus(BotSettings.REPLY_WINDOW);
        var delivery = new Delivery(event, earlier, attempt, replyBy);
        var verdict = bot.handle(delivery);
        if (verdict == null) {
            throw new NullPointerException("the bot gave no verdict");
        }
        var refusal = verdict instanceof Verdict.Accept accept
                ? Replies.refusal(event, accept.replies())
                : Optional.<String>empty();
        return new Run(delivery, verdict, refusal);
    }
}
