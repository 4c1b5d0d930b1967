// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replies as JSON: read as bots outside send them, written as the {@code message} of a Send API call.
 *
 * <p>A bot's form is one of {@code {"text":…,"quickReplies":[{"title":…,"payload":…}]}},
 * {@code {"text":…,"buttons":[{"title":…,"payload":…} or {"title":…,"url":…}]}} and {@code {"message":{…}}}, the
 * platform's own shape. Whether a reply keeps the platform's limits is another question: {@link ReplyLimits}.
 */
public final class ReplyJson {
    /** Most replies in one answer of a bot. */
    public static final int REPLIES_MAX = 20;

    /** Most quick replies or buttons that are read at all; the platform's own limits are lower. */
    static final int CHOICES_MAX = 100;

    private static final int DEPTH_MAX = 64;

    /** What a bot's JSON turned out to be. */
    public sealed interface Reading {
        /** One reply, or the several of an answer. */
        record Ok(List<Reply> replies) implements Reading {}

        /**
         * Not a reply.
         *
         * @param problem what is wrong with which field, for the bot's author; quotes nothing
         */
        record Malformed(String problem) implements Reading {}
    }

    private ReplyJson() {}

    /** Reads one reply. Never throws. The bytes are given away. */
    public static Reading read(byte[] json) {
        return read(json, reader -> List.of(reader.reply()));
    }

    /** Reads {@code {"replies":[…]}}, a bot's whole answer; without {@code replies} it is none. Never throws. */
    public static Reading readAnswer(byte[] json) {
        return read(json, ReplyReader::answer);
    }

    /**
     * The platform's {@code message} object.
     *
     * @param metadata comes back in the echo; takes the place of one that the reply itself holds; null for none
     */
    public static byte[] message(Reply reply, @Nullable String metadata) {
        var bytes = new ByteArrayOutputStream(256);
        var out = new JsonOut(bytes);
        out.plain("{");
        switch (reply) {
            case Reply.Text text -> text(out, text);
            case Reply.Buttons buttons -> buttons(out, buttons);
            case Reply.Message message -> fields(out, message, metadata != null);
        }
        if (metadata != null) {
            out.plain(bytes.size() > 1 ? ",\"metadata\":" : "\"metadata\":").string(metadata);
        }
        out.plain("}");
        return bytes.toByteArray();
    }

    /** The metadata that a bot put into the platform's own shape, else null. */
    public static @Nullable String metadata(Reply reply) {
        return switch (reply) {
            case Reply.Text text -> null;
            case Reply.Buttons buttons -> null;
            case Reply.Message message -> {
                String metadata = null;
                var json = message.message().cursor(DEPTH_MAX);
                try {
                    for (var more = json.beginObject(); more; more = json.nextField()) {
                        if (json.name().equals("metadata")) {
                            metadata = json.text();
                        } else {
                            json.skip();
                        }
                    }
                } catch (MalformedJson malformed) {
                    throw new IllegalArgumentException("message: not a JSON object", malformed);
                }
                yield metadata;
            }
        };
    }

    private static void text(JsonOut out, Reply.Text reply) {
        out.plain("\"text\":").string(reply.text());
        var separator = ",\"quick_replies\":[";
        for (var choice : reply.quickReplies()) {
            out.plain(separator).plain("{\"content_type\":\"text\",\"title\":").string(choice.title());
            out.plain(",\"payload\":").string(choice.payload()).plain("}");
            separator = ",";
        }
        out.plain(reply.quickReplies().isEmpty() ? "" : "]");
    }

    private static void buttons(JsonOut out, Reply.Buttons reply) {
        out.plain("\"attachment\":{\"type\":\"template\",\"payload\":{\"template_type\":\"button\",\"text\":");
        out.string(reply.text());
        var separator = ",\"buttons\":[";
        for (var button : reply.buttons()) {
            out.plain(separator);
            switch (button) {
                case Reply.Button.Postback postback ->
                    out.plain("{\"type\":\"postback\",\"title\":")
                            .string(postback.title())
                            .plain(",\"payload\":")
                            .string(postback.payload());
                case Reply.Button.Link link ->
                    out.plain("{\"type\":\"web_url\",\"title\":")
                            .string(link.title())
                            .plain(",\"url\":")
                            .string(link.url());
            }
            out.plain("}");
            separator = ",";
        }
        out.plain(reply.buttons().isEmpty() ? "}}" : "]}}");
    }

    /** The fields of the object byte for byte, without its metadata if another one is to follow. */
    private static void fields(JsonOut out, Reply.Message reply, boolean metadataFollows) {
        var json = reply.message().cursor(DEPTH_MAX);
        var separator = "";
        try {
            for (var more = json.beginObject(); more; more = json.nextField()) {
                var from = json.nameFrom();
                var dropped = metadataFollows && json.name().equals("metadata");
                json.skip();
                if (!dropped) {
                    out.plain(separator).raw(json.since(from));
                    separator = ",";
                }
            }
            json.end();
        } catch (MalformedJson malformed) {
            throw new IllegalArgumentException("message: not a JSON object", malformed);
        }
    }

    private interface Part {
        List<Reply> read(ReplyReader reader) throws MalformedJson, ReplyReader.Wrong;
    }

    private static Reading read(byte[] bytes, Part part) {
        var json = new JsonCursor(bytes, 0, bytes.length, DEPTH_MAX);
        try {
            var replies = new ArrayList<>(part.read(new ReplyReader(json)));
            json.end();
            return new Reading.Ok(List.copyOf(replies));
        } catch (MalformedJson malformed) {
            return new Reading.Malformed("body: not a JSON object");
        } catch (ReplyReader.Wrong wrong) {
            return new Reading.Malformed(wrong.problem());
        }
    }
}
