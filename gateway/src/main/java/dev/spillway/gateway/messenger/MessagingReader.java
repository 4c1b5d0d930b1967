// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static java.util.Map.entry;

import java.util.Map;

/** Reads items of {@code messaging} and {@code standby}: who, when, what kind, and the parts of the key. */
final class MessagingReader {
    /** By the key that an item carries; where it carries several, the kind that {@link Kind} lists first wins. */
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            entry("message", Kind.MESSAGE),
            entry("message_edit", Kind.EDIT),
            entry("reaction", Kind.REACTION),
            entry("delivery", Kind.DELIVERY),
            entry("read", Kind.READ),
            entry("postback", Kind.POSTBACK),
            entry("optin", Kind.OPTIN),
            entry("referral", Kind.REFERRAL),
            entry("account_linking", Kind.ACCOUNT_LINKING),
            entry("pass_thread_control", Kind.PASS_THREAD_CONTROL),
            entry("take_thread_control", Kind.TAKE_THREAD_CONTROL),
            entry("request_thread_control", Kind.REQUEST_THREAD_CONTROL),
            entry("app_roles", Kind.APP_ROLES),
            entry("policy_enforcement", Kind.POLICY_ENFORCEMENT),
            entry("policy-enforcement", Kind.POLICY_ENFORCEMENT),
            entry("response_feedback", Kind.RESPONSE_FEEDBACK),
            entry("messaging_feedback", Kind.MESSAGING_FEEDBACK),
            entry("messaging_customer_information", Kind.CUSTOMER_INFORMATION),
            entry("order", Kind.ORDER),
            entry("template", Kind.COUPON),
            entry("game_play", Kind.GAME_PLAY),
            entry("message_request", Kind.MESSAGE_REQUEST));

    private final JsonCursor json;

    MessagingReader(JsonCursor json) {
        this.json = json;
    }

    /** Reads one item, whatever it is. */
    Item read(Item.Batch batch, Item.Listing listing) throws MalformedJson {
        var item = new Item(batch, listing, Item.Shape.MESSAGING);
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

    /** Reads the field at the cursor. */
    void field(Item item) throws MalformedJson {
        switch (json.name()) {
            case "sender" -> sender(item);
            case "recipient" -> recipient(item);
            case "timestamp" -> item.timestampMillis = PlatformTime.millis(json.scalar());
            case FieldNames.UNKNOWN -> json.skip();
            default -> {
                var kind = KINDS.get(json.name());
                if (kind == null || kind.compareTo(item.kind) >= 0 || json.peek() == 'n') {
                    json.skip();
                } else {
                    body(item, kind);
                }
            }
        }
    }

    private void sender(Item item) throws MalformedJson {
        if (json.peek() != '{') {
            json.skip();
            return;
        }
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "id" -> item.senderId = json.scalar();
                case "user_ref" -> item.senderRef = json.scalar();
                default -> json.skip();
            }
        }
    }

    private void recipient(Item item) throws MalformedJson {
        if (json.peek() != '{') {
            json.skip();
            return;
        }
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "id" -> item.recipientId = json.scalar();
                case "user_ref" -> item.recipientRef = json.scalar();
                default -> json.skip();
            }
        }
    }

    /** Reads what the kind's key holds; a message may be a mere string. */
    private void body(Item item, Kind kind) throws MalformedJson {
        var before = item.kind;
        item.kind = kind;
        if (json.peek() == '{') {
            for (var more = json.beginObject(); more; more = json.nextField()) {
                part(item);
            }
        } else {
            json.skip();
        }
        if (kind == Kind.COUPON && !"coupon".equals(item.type)) {
            item.kind = before;
        }
    }

    private void part(Item item) throws MalformedJson {
        switch (json.name()) {
            case "mid" -> item.mid = json.scalar();
            case "is_echo" -> sharpen(item, Kind.ECHO);
            case "is_deleted" -> sharpen(item, Kind.UNSEND);
            case "is_unsupported" -> sharpen(item, Kind.UNSUPPORTED);
            case "num_edit" -> item.numEdit = json.scalar();
            case "action" -> item.action = json.scalar();
            case "watermark" -> {
                item.watermark = json.scalar();
                item.watermarkMillis = PlatformTime.millis(item.watermark);
            }
            case "mids" -> mids(item);
            case "type" -> item.type = json.scalar();
            case "one_time_notif_token", "notification_messages_token" -> item.token = json.scalar();
            case "notification_messages_status" -> item.status = json.scalar();
            case "ref" -> item.ref = json.scalar();
            case "ad_id" -> item.adId = json.scalar();
            case "user_ref" -> item.userRef = json.scalar();
            default -> json.skip();
        }
    }

    /** A flag inside {@code message} makes it another kind; of several flags the one that {@link Kind} lists first. */
    private void sharpen(Item item, Kind kind) throws MalformedJson {
        var isMessage = item.kind.compareTo(Kind.UNSUPPORTED) <= 0;
        if (json.isTrue() && isMessage && (item.kind == Kind.MESSAGE || kind.compareTo(item.kind) < 0)) {
            item.kind = kind;
        }
    }

    private void mids(Item item) throws MalformedJson {
        if (json.peek() != '[') {
            json.skip();
            return;
        }
        for (var more = json.beginArray(); more; more = json.nextItem()) {
            var mid = json.scalar();
            if (mid != null) {
                item.addMid(mid);
            }
        }
    }
}
