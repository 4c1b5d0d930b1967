// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import dev.spillway.gateway.messenger.Event.Mark;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An event as one line of JSON: its record in the stream.
 *
 * <p>Promise: what {@link #append} wrote, {@link #read} gives back equal, the platform's bytes included, and the line
 * holds no line feed and no carriage return. Where the platform's bytes hold one (between tokens; nowhere else can it
 * stand), {@code event} carries a space in its place and {@code raw} the exact bytes in base64; {@code context} and
 * {@code rawContext} likewise. See ADR 0003.
 */
public final class EventJson {
    /** The version of the form. A reader refuses a higher one and skips fields that it does not know. */
    public static final int VERSION = 1;

    /** Above what a notification may nest, for the record is one object around its items. */
    private static final int DEPTH_MAX = 300;

    private static final byte[] REPAIRED_START =
            ("{\"source\":\"" + wire(Mark.Source.REPAIRED) + "\",").getBytes(StandardCharsets.US_ASCII);

    /** What a record turned out to be. */
    public sealed interface Reading {
        /** An event. */
        record Ok(Event event) implements Reading {}

        /** Written by a newer version of ours; leave it to one that understands it. */
        record Newer(long version) implements Reading {}

        /**
         * Not a record.
         *
         * @param problem the field that is missing or wrong, or {@code JSON}; never content
         */
        record Malformed(String problem) implements Reading {}
    }

    private EventJson() {}

    /** Appends the event's line, without a line feed at its end. */
    public static void append(Event event, ByteArrayOutputStream line) {
        var out = new JsonOut(line);
        out.plain("{\"version\":1,\"id\":\"").plain(event.key().hex());
        out.plain("\",\"app\":").string(event.app());
        out.plain(",\"channel\":\"").plain(event.channel().wire());
        out.plain("\",\"page\":").string(event.page());
        out.plain(",\"user\":");
        if (event.user() == null) {
            out.plain("null");
        } else {
            out.string(event.user());
        }
        out.plain(",\"kind\":\"").plain(event.kind().wire());
        out.plain(event.standby() ? "\",\"standby\":true" : "\",\"standby\":false");
        out.plain(",\"occurredAt\":\"").plain(IsoTime.of(event.occurredAtMillis()));
        out.plain("\",\"receivedAt\":\"").plain(IsoTime.of(event.receivedAtMillis()));
        out.plain("\",\"bucket\":\"").plain(event.bucket().wire()).plain("\"");
        if (!event.conversation().equals(conversationOf(event.page(), event.user()))) {
            out.plain(",\"conversation\":").string(event.conversation());
        }
        if (event.mark().source() != Mark.Source.PLATFORM) {
            out.plain(",\"source\":\"").plain(wire(event.mark().source())).plain("\"");
        }
        if (event.mark().only() != null) {
            out.plain(",\"only\":").string(event.mark().only());
        }
        if (event.context() != null) {
            slice(out, "context", "rawContext", event.context());
        }
        slice(out, "event", "raw", event.raw());
        out.plain("}");
    }

    /** The same lines, marked as appended once more after a failover. They must be {@link #append}ed ones, unmarked. */
    public static byte[] repaired(byte[] lines) {
        var marked = new ByteArrayOutputStream(lines.length + 256);
        var from = 0;
        for (var i = 0; i <= lines.length; i++) {
            if (i == lines.length || lines[i] == '\n') {
                marked.writeBytes(REPAIRED_START); // In place of the brace that every line begins with.
                marked.write(lines, from + 1, Math.min(i + 1, lines.length) - from - 1);
                from = i + 1;
            }
        }
        return marked.toByteArray();
    }

    /** The event's line. */
    public static byte[] line(Event event) {
        var line = new ByteArrayOutputStream(512 + event.raw().length());
        append(event, line);
        return line.toByteArray();
    }

    /** Reads a line; never throws. The bytes are given away: the event is a view of them. */
    public static Reading read(byte[] bytes) {
        return read(bytes, 0, bytes.length);
    }

    /** Reads the line at {@code bytes[from, to)}; never throws. The bytes are given away. */
    public static Reading read(byte[] bytes, int from, int to) {
        var fields = new EventFields();
        try {
            var json = new JsonCursor(bytes, from, to, DEPTH_MAX);
            for (var more = json.beginObject(); more; more = json.nextField()) {
                fields.read(json);
            }
            json.end();
            return fields.event();
        } catch (MalformedJson malformed) {
            return new Reading.Malformed("JSON");
        }
    }

    static String conversationOf(String page, @Nullable String user) {
        return user == null ? page : page + ":" + user;
    }

    static String wire(Mark.Source source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    private static void slice(JsonOut out, String name, String exactName, RawJson slice) {
        out.plain(",\"").plain(name).plain("\":");
        if (slice.isOneLine()) {
            out.raw(slice);
            return;
        }
        var bytes = slice.copy();
        var exact = Base64.getEncoder().encodeToString(bytes);
        for (var i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                bytes[i] = ' ';
            }
        }
        out.raw(RawJson.view(bytes, 0, bytes.length));
        out.plain(",\"").plain(exactName).plain("\":\"").plain(exact).plain("\"");
    }

    /** The fields of a line as they come, in any order. */
    private static final class EventFields {
        private long version = -1;
        private boolean standby;
        private @Nullable String id;
        private @Nullable String app;
        private @Nullable String channel;
        private @Nullable String page;
        private @Nullable String user;
        private @Nullable String kind;
        private @Nullable String occurredAt;
        private @Nullable String receivedAt;
        private @Nullable String bucket;
        private @Nullable String conversation;
        private @Nullable String source;
        private @Nullable String only;
        private @Nullable RawJson context;
        private @Nullable RawJson event;
        private @Nullable String rawContext;
        private @Nullable String raw;

        void read(JsonCursor json) throws MalformedJson {
            switch (json.name()) {
                case "version" -> version = number(json.scalar());
                case "id" -> id = json.text();
                case "app" -> app = json.text();
                case "channel" -> channel = json.text();
                case "page" -> page = json.text();
                case "user" -> user = json.text();
                case "kind" -> kind = json.text();
                case "standby" -> standby = json.isTrue();
                case "occurredAt" -> occurredAt = json.text();
                case "receivedAt" -> receivedAt = json.text();
                case "bucket" -> bucket = json.text();
                case "conversation" -> conversation = json.text();
                case "source" -> source = json.text();
                case "only" -> only = json.text();
                case "context" -> context = slice(json);
                case "event" -> event = slice(json);
                case "raw" -> raw = json.text();
                case "rawContext" -> rawContext = json.text();
                default -> json.skip();
            }
        }

        Reading event() {
            if (version > VERSION) {
                return new Reading.Newer(version);
            }
            if (version != VERSION) {
                return new Reading.Malformed("version");
            }
            try {
                var ownPage = need("page", page);
                return new Reading.Ok(new Event(
                        EventKey.ofHex(need("id", id)),
                        need("app", app),
                        channelOf(need("channel", channel)),
                        ownPage,
                        user,
                        conversation == null ? conversationOf(ownPage, user) : conversation,
                        Kind.ofWire(need("kind", kind)),
                        standby,
                        IsoTime.millis(need("occurredAt", occurredAt)),
                        IsoTime.millis(need("receivedAt", receivedAt)),
                        Bucket.ofWire(need("bucket", bucket)),
                        context == null ? null : exact(context, rawContext),
                        exact(need("event", event), raw),
                        markOf()));
            } catch (Missing missing) {
                return new Reading.Malformed(missing.field);
            } catch (IllegalArgumentException | DateTimeException wrong) {
                return new Reading.Malformed("id, bucket, channel, source, a time or base64");
            }
        }

        private Mark markOf() {
            if (source == null && only == null) {
                return Mark.NONE;
            }
            var from = source == null ? Mark.Source.PLATFORM : Mark.Source.valueOf(source.toUpperCase(Locale.ROOT));
            return new Mark(from, only);
        }

        private static Channel channelOf(String wire) {
            return Channel.valueOf(wire.toUpperCase(Locale.ROOT));
        }

        private static RawJson exact(RawJson slice, @Nullable String base64) {
            if (base64 == null) {
                return slice;
            }
            var bytes = Base64.getDecoder().decode(base64);
            if (bytes.length != slice.length()) {
                throw new IllegalArgumentException("raw is not the event");
            }
            return RawJson.view(bytes, 0, bytes.length);
        }

        private static RawJson slice(JsonCursor json) throws MalformedJson {
            var from = json.start();
            json.skip();
            return json.since(from);
        }

        private static long number(@Nullable String digits) {
            try {
                return digits == null ? -1 : Long.parseLong(digits);
            } catch (NumberFormatException notANumber) {
                return -1;
            }
        }

        private static <T> T need(String field, @Nullable T value) throws Missing {
            if (value == null) {
                throw new Missing(field);
            }
            return value;
        }
    }

    private static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        private final String field;

        private Missing(String field) {
            super(field, null, false, false);
            this.field = field;
        }
    }
}
