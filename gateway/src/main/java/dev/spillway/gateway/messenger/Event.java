// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import org.jspecify.annotations.Nullable;

/**
 * One thing that happened, as the platform told it: a message, a postback, a receipt, a comment.
 *
 * @param key what makes two copies the same event
 * @param app the name of the app in our configuration whose path the notification came to
 * @param page the page, professional account or phone number id it happened on
 * @param user the person on the other side; null for an event of the page itself; {@code user_ref:…} where the
 *     platform gives only a reference
 * @param conversation events of equal conversation are handled one after another: {@code page:user}, or for events of
 *     the page {@code page:post} or just the page
 * @param standby another app owns the thread: this copy must not be answered
 * @param occurredAtMillis the event's own time, else its notification's, else the time of receipt; ms since 1970
 * @param receivedAtMillis when the gateway had read the notification; ms since 1970
 * @param bucket where the once-guard remembers it
 * @param context the rest of a change's {@code value} (contacts, metadata), for events cut out of one; else null
 * @param raw the platform's smallest item, byte for byte
 * @param mark how it came into the stream
 */
public record Event(
        EventKey key,
        String app,
        Channel channel,
        String page,
        @Nullable String user,
        String conversation,
        Kind kind,
        boolean standby,
        long occurredAtMillis,
        long receivedAtMillis,
        Bucket bucket,
        @Nullable RawJson context,
        RawJson raw,
        Mark mark) {

    /** How an event came into the stream, and for whom. */
    public record Mark(Source source, @Nullable String only) {
        /** From the platform, for every subscription. */
        public static final Mark NONE = new Mark(Source.PLATFORM, null);

        /** Who appended the event. */
        public enum Source {
            PLATFORM,
            /** Appended once more after a failover, by the gateway that had acknowledged it. */
            REPAIRED,
            /** Read again by a subscription that was reset; its replies are held back unless asked for. */
            REPLAY,
            /** A dead letter sent once more. */
            REDRIVEN
        }
    }

    /** The same, read again after it was finished once. */
    public Event replayed() {
        return marked(key, new Mark(Mark.Source.REPLAY, mark.only()));
    }

    /** The same, sent once more to the one subscription that gave it up. */
    public Event redriven(String only) {
        return marked(key.redriven(), new Mark(Mark.Source.REDRIVEN, only));
    }

    private Event marked(EventKey newKey, Mark newMark) {
        return new Event(
                newKey,
                app,
                channel,
                page,
                user,
                conversation,
                kind,
                standby,
                occurredAtMillis,
                receivedAtMillis,
                bucket,
                context,
                raw,
                newMark);
    }

    /** Everything but what a person wrote. */
    @Override
    public String toString() {
        return "Event(" + key + " " + kind + " " + channel + (standby ? " standby" : "") + ")";
    }
}
