// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.messenger.RawJson;
import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.messenger.ReplyJson;
import dev.spillway.gateway.messenger.ReplyLimits;
import dev.spillway.gateway.stream.RegisterRow;
import dev.spillway.gateway.stream.ReplyId;
import dev.spillway.gateway.stream.ReplyMetadata;
import dev.spillway.gateway.stream.ReplyRecord;
import dev.spillway.gateway.stream.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes records of a bot's replies, or says why the platform would refuse them. Pure. */
final class Replies {
    private Replies() {}

    /** Why these may not be sent in answer to this event; empty if they may. */
    static Optional<String> refusal(Event event, List<Reply> replies) {
        if (replies.isEmpty()) {
            return Optional.empty();
        }
        if (event.standby()) {
            return Optional.of("a reply to a standby event: another app owns the thread");
        }
        if (event.kind() == Kind.ECHO) {
            return Optional.of("a reply to an echo: the bot would answer itself");
        }
        if (event.user() == null) {
            return Optional.of("a reply to an event of the page: there is nobody to send it to");
        }
        if (replies.size() > ReplyJson.REPLIES_MAX) {
            return Optional.of("replies: " + replies.size() + " (expected: 0.." + ReplyJson.REPLIES_MAX + ")");
        }
        return replies.stream()
                .flatMap(reply -> ReplyLimits.check(reply, event.channel()).stream())
                .map(ReplyLimits.Refusal::message)
                .findFirst();
    }

    /** Whether replies to this event are not to leave, since it was answered once. */
    static boolean heldBack(Event event, RegisterRow.Replay replay) {
        return switch (event.mark().source()) {
            case REPLAY -> replay != RegisterRow.Replay.SEND;
            case PLATFORM, REPAIRED, REDRIVEN -> false;
        };
    }

    /** One record line each, in order. Deterministic but for the hour. */
    static List<byte[]> lines(
            int partition, Subscription subscription, Event event, String user, List<Reply> replies, long hour) {
        var lines = new ArrayList<byte[]>(replies.size());
        for (var i = 0; i < replies.size(); i++) {
            var id = ReplyId.of(partition, event.key(), subscription, i);
            var expires = event.occurredAtMillis() + BotSettings.REPLY_WINDOW.toMillis();
            var message = ReplyJson.message(replies.get(i), ReplyMetadata.of(id, ReplyJson.metadata(replies.get(i))));
            lines.add(new ReplyRecord(
                            id,
                            event.app(),
                            event.channel(),
                            event.page(),
                            user,
                            hour,
                            expires,
                            ReplyRecord.InDoubt.RESEND,
                            RawJson.view(message, 0, message.length))
                    .line());
        }
        return lines;
    }
}
