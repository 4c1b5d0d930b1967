// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Webhook bodies, byte for byte as the platform writes them: one event each, pure ASCII with lower-case
 * <code>&#92;uXXXX</code>, and slashes escaped. Pure.
 */
final class Envelopes {
    // One factory per form: the mapper is only there to write the parts of a bot's message.
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .build());

    private Envelopes() {}

    @FunctionalInterface
    private interface Item {
        void writeTo(JsonGenerator out) throws IOException;
    }

    /** What a person did, as a notification of that time. */
    static byte[] event(String page, String user, String mid, long atMillis, UserEvent event) {
        return envelope(page, user, page, atMillis, out -> {
            switch (event) {
                case UserEvent.Text(var text) -> message(out, mid, text, null);
                case UserEvent.QuickReply(var title, var payload) -> message(out, mid, title, payload);
                case UserEvent.Postback postback -> postback(out, mid, postback);
                case UserEvent.Referral(var ref) -> referral(out, ref);
            }
        });
    }

    /** What the page sent, as the platform tells its apps. */
    static byte[] echo(
            String page, String user, long app, String mid, @Nullable String metadata, long atMillis, JsonNode sent) {
        return envelope(page, page, user, atMillis, out -> {
            out.writeObjectFieldStart("message");
            out.writeBooleanField("is_echo", true);
            out.writeNumberField("app_id", app);
            if (metadata != null) {
                out.writeStringField("metadata", metadata);
            }
            out.writeStringField("mid", mid);
            content(out, sent);
            out.writeEndObject();
        });
    }

    private static void content(JsonGenerator out, JsonNode sent) throws IOException {
        if (sent.has("text")) {
            out.writeObjectField("text", sent.get("text"));
        }
        if (sent.has("sticker_id")) {
            out.writeObjectField("sticker_id", sent.get("sticker_id"));
        }
        if (sent.has("attachments")) {
            out.writeObjectField("attachments", sent.get("attachments"));
        }
        if (sent.has("attachment")) {
            out.writeArrayFieldStart("attachments");
            out.writeObject(sent.get("attachment"));
            out.writeEndArray();
        }
    }

    private static byte[] envelope(String page, String sender, String recipient, long atMillis, Item item) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = MAPPER.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("object", "page");
            out.writeArrayFieldStart("entry");
            out.writeStartObject();
            out.writeStringField("id", page);
            out.writeNumberField("time", atMillis);
            out.writeArrayFieldStart("messaging");
            out.writeStartObject();
            party(out, "sender", sender);
            party(out, "recipient", recipient);
            out.writeNumberField("timestamp", atMillis);
            item.writeTo(out);
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void party(JsonGenerator out, String role, String id) throws IOException {
        out.writeObjectFieldStart(role);
        out.writeStringField("id", id);
        out.writeEndObject();
    }

    private static void message(JsonGenerator out, String mid, String text, @Nullable String payload)
            throws IOException {
        out.writeObjectFieldStart("message");
        out.writeStringField("mid", mid);
        out.writeStringField("text", text);
        if (payload != null) {
            out.writeObjectFieldStart("quick_reply");
            out.writeStringField("payload", payload);
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void postback(JsonGenerator out, String mid, UserEvent.Postback postback) throws IOException {
        out.writeObjectFieldStart("postback");
        out.writeStringField("mid", mid);
        out.writeStringField("title", postback.title());
        out.writeStringField("payload", postback.payload());
        if (!postback.ref().isEmpty()) {
            referral(out, postback.ref());
        }
        out.writeEndObject();
    }

    private static void referral(JsonGenerator out, String ref) throws IOException {
        out.writeObjectFieldStart("referral");
        out.writeStringField("ref", ref);
        out.writeStringField("source", "SHORTLINK");
        out.writeStringField("type", "OPEN_THREAD");
        out.writeEndObject();
    }
}
