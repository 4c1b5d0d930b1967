// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import dev.spillway.gateway.messenger.Content.Attachment;
import dev.spillway.gateway.messenger.Content.Referral;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@link Content} out of an event's bytes. For one event. */
final class ContentReader {
    private static final int DEPTH_MAX = 300;

    private final JsonCursor json;
    private final List<Attachment> attachments = new ArrayList<>();
    private @Nullable String mid;
    private @Nullable String text;
    private @Nullable String title;
    private @Nullable String payload;
    private @Nullable String appId;
    private @Nullable String metadata;
    private @Nullable Referral referral;

    private ContentReader(JsonCursor json) {
        this.json = json;
    }

    static Content read(Event event) {
        var reader = new ContentReader(event.raw().cursor(DEPTH_MAX));
        try {
            return event.channel() == Channel.WHATSAPP ? reader.whatsapp(event.kind()) : reader.messaging(event.kind());
        } catch (MalformedJson malformed) {
            return new Content.Other(); // not cut by our reader
        }
    }

    private Content messaging(Kind kind) throws MalformedJson {
        return switch (kind) {
            case MESSAGE -> {
                item("message");
                yield message();
            }
            case ECHO -> {
                item("message");
                yield new Content.Echo(orEmpty(mid), appId, metadata);
            }
            case POSTBACK -> {
                item("postback");
                yield new Content.Postback(title, payload, referral);
            }
            case REFERRAL -> {
                item("referral");
                yield referral == null ? new Content.Other() : referral;
            }
            default -> new Content.Other();
        };
    }

    /** Walks a messaging item and, inside it, the object of that name. */
    private void item(String name) throws MalformedJson {
        fields(() -> {
            if (json.name().equals("referral")) {
                referral();
            } else if (!json.name().equals(name)) {
                json.skip();
            } else if (json.peek() == '"') {
                text = json.text(); // a message may be a mere string in local tests
            } else {
                fields(this::bodyField);
            }
        });
    }

    private void bodyField() throws MalformedJson {
        switch (json.name()) {
            case "mid" -> mid = json.scalar();
            case "text" -> text = json.text();
            case "title" -> title = json.text();
            case "payload" -> payload = json.text();
            case "app_id" -> appId = json.scalar();
            case "metadata" -> metadata = json.text();
            case "quick_reply" -> fields(this::quickReplyField);
            case "referral" -> referral();
            case "attachments" -> attachments();
            default -> json.skip();
        }
    }

    private void quickReplyField() throws MalformedJson {
        switch (json.name()) {
            case "payload" -> payload = json.text();
            default -> json.skip();
        }
    }

    private void attachments() throws MalformedJson {
        if (json.peek() != '[') {
            json.skip();
            return;
        }
        for (var more = json.beginArray(); more; more = json.nextItem()) {
            var attachment = new AttachmentDraft();
            fields(() -> attachmentField(attachment));
            attachments.add(new Attachment(orEmpty(attachment.type), attachment.url));
        }
    }

    /** The address may lie beside the payload instead of in it. */
    private void attachmentField(AttachmentDraft attachment) throws MalformedJson {
        switch (json.name()) {
            case "type" -> attachment.type = json.text();
            case "url" -> attachment.url = json.text();
            case "payload" ->
                fields(() -> {
                    switch (json.name()) {
                        case "url" -> attachment.url = json.text();
                        default -> json.skip();
                    }
                });
            default -> json.skip();
        }
    }

    private void referral() throws MalformedJson {
        var draft = new ReferralDraft();
        fields(() -> {
            switch (json.name()) {
                case "ref", "source_id" -> draft.ref = json.scalar();
                case "source", "source_type" -> draft.source = json.text();
                case "type" -> draft.type = json.text();
                default -> json.skip();
            }
        });
        referral = new Referral(draft.ref, draft.source, draft.type);
    }

    private Content whatsapp(Kind kind) throws MalformedJson {
        if (kind != Kind.MESSAGE) {
            return new Content.Other();
        }
        fields(() -> {
            switch (json.name()) {
                case "id" -> mid = json.scalar();
                case "text", "button", "interactive" -> fields(this::choiceField);
                case "image", "audio", "video", "document", "sticker" -> {
                    attachments.add(new Attachment(json.name(), null)); // the platform sends an id to fetch it by
                    fields(this::choiceField);
                }
                case "referral" -> referral();
                default -> json.skip();
            }
        });
        return message();
    }

    /** A text has a body, a template's button text and payload, a reply button or list row title and id. */
    private void choiceField() throws MalformedJson {
        switch (json.name()) {
            case "body", "text", "title", "caption" -> text = json.text();
            case "payload" -> payload = json.text();
            case "button_reply", "list_reply" ->
                fields(() -> {
                    switch (json.name()) {
                        case "id" -> payload = json.scalar();
                        case "title" -> text = json.text();
                        default -> json.skip();
                    }
                });
            default -> json.skip();
        }
    }

    private Content message() {
        return new Content.Message(orEmpty(mid), text, payload, attachments, referral);
    }

    private void fields(Field field) throws MalformedJson {
        if (json.peek() != '{') {
            json.skip();
            return;
        }
        for (var more = json.beginObject(); more; more = json.nextField()) {
            field.read();
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private interface Field {
        void read() throws MalformedJson;
    }

    private static final class AttachmentDraft {
        @Nullable
        String type;

        @Nullable
        String url;
    }

    private static final class ReferralDraft {
        @Nullable
        String ref;

        @Nullable
        String source;

        @Nullable
        String type;
    }
}
