// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import dev.spillway.gateway.messenger.Channel;
import dev.spillway.gateway.messenger.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reply on its way, as one line of JSON in the reply stream.
 *
 * @param page it is sent from
 * @param user it is sent to
 * @param hour of the commit that made it, in hours since 1970
 * @param expiresAtMillis after this the platform refuses it; ms since 1970
 * @param inDoubt what to do if nobody can tell whether it was sent
 * @param message the platform's {@code message} object, our id in its metadata
 */
public record ReplyRecord(
        ReplyId id,
        String app,
        Channel channel,
        String page,
        String user,
        long hour,
        long expiresAtMillis,
        InDoubt inDoubt,
        RawJson message) {

    /** What to do with a reply that may have been sent. */
    public enum InDoubt {
        /** Send it again: the person may get it twice. */
        RESEND,
        /** Keep it for a person to decide: it may be missing. */
        PARK
    }

    private static final JsonFactory JSON = new JsonFactory();
    private static final int VERSION = 1;

    /** The conversation it belongs to. */
    public String conversation() {
        return page + ":" + user;
    }

    /** The line, without a line feed. */
    public byte[] line() {
        var out = new ByteArrayOutputStream(256 + message.length());
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("rid", id.toString());
            json.writeStringField("app", app);
            json.writeStringField("channel", channel.wire());
            json.writeStringField("page", page);
            json.writeStringField("user", user);
            json.writeNumberField("hour", hour);
            json.writeNumberField("expires", expiresAtMillis);
            json.writeStringField("inDoubt", inDoubt.name().toLowerCase(Locale.ROOT));
            json.writeFieldName("message");
            json.writeRawValue(message.text());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return oneLine(out.toByteArray());
    }

    // A line feed can only stand between the tokens of a bot's own JSON, where a space means the same.
    private static byte[] oneLine(byte[] json) {
        for (var i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
        return json;
    }

    /** Reads a line; null if it is not one that this version understands. */
    public static @Nullable ReplyRecord read(byte[] batch, int from, int length) {
        try (var json = JSON.createParser(batch, from, length)) {
            var texts = new HashMap<String, String>();
            RawJson message = null;
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                var token = json.nextToken();
                if (name.equals("message") && token == JsonToken.START_OBJECT) {
                    var start = (int) json.currentTokenLocation().getByteOffset();
                    json.skipChildren();
                    var end = (int) json.currentLocation().getByteOffset();
                    message = RawJson.view(batch, from + start, end - start);
                } else if (token.isScalarValue()) {
                    texts.put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
            return message == null ? null : of(texts, message);
        } catch (IOException | IllegalArgumentException malformed) {
            return null;
        }
    }

    private static @Nullable ReplyRecord of(Map<String, String> texts, RawJson message) {
        var id = ReplyId.parse(texts.getOrDefault("rid", ""));
        if (id == null || !texts.getOrDefault("version", "").equals(Integer.toString(VERSION))) {
            return null;
        }
        return new ReplyRecord(
                id,
                texts.getOrDefault("app", ""),
                Channel.valueOf(texts.getOrDefault("channel", "").toUpperCase(Locale.ROOT)),
                texts.getOrDefault("page", ""),
                texts.getOrDefault("user", ""),
                Long.parseLong(texts.getOrDefault("hour", "")),
                Long.parseLong(texts.getOrDefault("expires", "")),
                InDoubt.valueOf(texts.getOrDefault("inDoubt", "").toUpperCase(Locale.ROOT)),
                message);
    }

    @Override
    public String toString() {
        return "ReplyRecord(" + id + ", " + message.length() + " bytes)";
    }
}
