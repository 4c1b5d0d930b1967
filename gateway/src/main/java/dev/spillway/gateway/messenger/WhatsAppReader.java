// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import org.jspecify.annotations.Nullable;

/** Reads the elements of a WhatsApp value's lists: messages, statuses, errors. */
final class WhatsAppReader {
    private final JsonCursor json;

    WhatsAppReader(JsonCursor json) {
        this.json = json;
    }

    /** A message; its person may be known only by the value's contacts. */
    Item message(Item.Batch batch) throws MalformedJson {
        var item = element(batch);
        item.kind = item.id == null && item.type == null ? Kind.UNRECOGNISED : kindOf(item.type);
        return item;
    }

    /** What became of a message of ours. */
    Item status(Item.Batch batch) throws MalformedJson {
        var item = element(batch);
        item.kind = item.status == null ? Kind.UNRECOGNISED : Kind.STATUS;
        return item;
    }

    /** An error that belongs to no message. */
    Item error(Item.Batch batch) throws MalformedJson {
        return element(batch);
    }

    private Item element(Item.Batch batch) throws MalformedJson {
        var item = new Item(batch, Item.Listing.CHANGES, Item.Shape.WHATSAPP);
        item.whatsapp = true;
        var from = json.start();
        if (json.peek() == '{') {
            for (var more = json.beginObject(); more; more = json.nextField()) {
                field(item);
            }
        } else {
            json.skip();
        }
        item.raw = json.since(from);
        return item;
    }

    /** Keeps the phone number in {@code fromId} and the business-scoped id, which wins, in {@code user}. */
    private void field(Item item) throws MalformedJson {
        switch (json.name()) {
            case "id" -> item.id = json.scalar();
            case "timestamp" -> item.timestampMillis = PlatformTime.millis(json.scalar());
            case "type" -> item.type = json.scalar();
            case "status" -> item.status = json.scalar();
            case "from", "recipient_id" -> item.fromId = json.scalar();
            case "from_user_id", "recipient_user_id" -> item.user = json.scalar();
            case "group_id" -> item.thread = json.scalar();
            case "system" -> system(item);
            default -> json.skip();
        }
    }

    /** A system message may name the person only here. */
    private void system(Item item) throws MalformedJson {
        if (json.peek() != '{') {
            json.skip();
            return;
        }
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "user_id", "wa_id" -> item.userRef = json.scalar();
                default -> json.skip();
            }
        }
    }

    private static Kind kindOf(@Nullable String type) {
        return switch (type) {
            case "text",
                    "image",
                    "audio",
                    "video",
                    "document",
                    "sticker",
                    "location",
                    "contacts",
                    "interactive",
                    "button" -> Kind.MESSAGE;
            case "reaction" -> Kind.REACTION;
            case "order" -> Kind.ORDER;
            case "system" -> Kind.SYSTEM;
            case "unsupported", "unknown" -> Kind.UNSUPPORTED;
            case "edit" -> Kind.EDIT;
            case "revoke" -> Kind.UNSEND;
            case null, default -> Kind.UNRECOGNISED;
        };
    }
}
