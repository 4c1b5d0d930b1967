// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one change, {@code {"field":…,"value":…}}, wherever it stands: in {@code changes}, in an element of
 * {@code entry} itself, or alone as the whole body.
 *
 * <p>Ends in one of three ways: the elements of a WhatsApp value's lists, each an item of its own with the rest of the
 * value as its context; a value that is a messaging item (Instagram's dashboard tests); or the change as a whole.
 */
final class ChangeReader {
    /** Contacts beyond these are not looked at, so that a long list of them costs no more than it weighs. */
    private static final int CONTACTS_MAX = 1000;

    /**
     * What the contexts of one value may take together: every element carries one, and a megabyte of contacts beside a
     * thousand elements would be a gigabyte of records.
     */
    private static final long CONTEXT_BYTES_MAX = 32L << 20;

    private record Contact(@Nullable String phone, @Nullable String id) {}

    private final JsonCursor json;
    private final Item.Batch batch;
    private final int itemsMax;
    private final MessagingReader messaging;
    private final WhatsAppReader whatsapp;
    private final Item change;
    private final List<RawJson> fields = new ArrayList<>(2);
    private final List<RawJson> rest = new ArrayList<>();
    private final List<Contact> contacts = new ArrayList<>(1);
    private final List<Item> elements = new ArrayList<>(1);
    private final List<Item> errors = new ArrayList<>(0);
    private @Nullable RawJson errorsField;
    private @Nullable RawJson value;

    ChangeReader(JsonCursor json, Item.Batch batch, int itemsMax) {
        this.json = json;
        this.batch = batch;
        this.itemsMax = itemsMax;
        this.messaging = new MessagingReader(json);
        this.whatsapp = new WhatsAppReader(json);
        this.change = new Item(batch, Item.Listing.CHANGES, Item.Shape.CHANGE);
    }

    /** Reads one item of {@code changes}. */
    void read(Consumer<Item> items) throws MalformedJson, TooManyItems {
        var from = json.start();
        if (json.peek() == '{') {
            for (var more = json.beginObject(); more; more = json.nextField()) {
                field();
            }
        } else {
            json.skip();
        }
        finish(json.since(from), items);
    }

    /** Reads the field at the cursor. */
    void field() throws MalformedJson, TooManyItems {
        var from = json.nameFrom();
        switch (json.name()) {
            case "field" -> {
                change.field = json.scalar();
                fields.add(json.since(from));
            }
            case "value" -> {
                value();
                fields.add(json.since(from));
            }
            default -> json.skip();
        }
    }

    boolean hasField() {
        return change.field != null;
    }

    boolean hasValue() {
        return value != null;
    }

    /** Hands on what the fields read so far amount to, where they do not stand in an object of their own. */
    void finish(Consumer<Item> items) throws TooManyItems {
        finish(object(fields), items);
    }

    private void finish(RawJson whole, Consumer<Item> items) throws TooManyItems {
        if (!elements.isEmpty()) {
            if (errorsField != null) {
                rest.add(errorsField);
            }
            hand(elements, items);
        } else if (!errors.isEmpty() && change.whatsapp) {
            hand(errors, items);
        } else if (value != null && change.isAddressed()) {
            change.shape = Item.Shape.MESSAGING;
            change.raw = value;
            items.accept(change);
        } else {
            change.raw = whole;
            change.hint = value == null;
            change.kind = kindOf(change.field);
            items.accept(change);
        }
    }

    private void hand(List<Item> cut, Consumer<Item> items) throws TooManyItems {
        var context = object(rest);
        if ((long) context.length() * cut.size() > CONTEXT_BYTES_MAX) {
            throw new TooManyItems();
        }
        for (var item : cut) {
            item.context = context;
            item.page = change.page;
            item.field = change.field;
            item.user = personOf(item);
            items.accept(item);
        }
    }

    /**
     * The business-scoped id, else the phone number. The contacts tell the id where the element does not: by the phone
     * number, or because there is only one of them (the same number is written in two ways in some countries).
     */
    private @Nullable String personOf(Item item) {
        if (item.user != null) {
            return item.user;
        }
        for (var contact : contacts) {
            var same = contacts.size() == 1 || Objects.equals(contact.phone, item.fromId);
            if (contact.id != null && same) {
                return contact.id;
            }
        }
        if (item.fromId != null) {
            return item.fromId;
        }
        return contacts.size() == 1 && contacts.get(0).phone != null ? contacts.get(0).phone : item.userRef;
    }

    private void value() throws MalformedJson, TooManyItems {
        var from = json.start();
        if (json.peek() == '{') {
            for (var more = json.beginObject(); more; more = json.nextField()) {
                var name = json.nameFrom();
                if (!part()) {
                    rest.add(json.since(name));
                }
            }
        } else {
            json.skip();
        }
        value = json.since(from);
    }

    /** Reads the field of the value at the cursor; true if it is a list that was cut into items. */
    private boolean part() throws MalformedJson, TooManyItems {
        var from = json.nameFrom();
        switch (json.name()) {
            case "messages", "statuses", "errors" -> {
                return list(json.name(), from);
            }
            case "messaging_product" -> change.whatsapp |= "whatsapp".equals(json.scalar());
            case "metadata" -> metadata();
            case "contacts" -> contacts();
            case "from" -> change.fromId = idOrScalar();
            case "media" -> change.mediaId = idOrScalar();
            case "id" -> change.id = json.scalar();
            case "item" -> change.subject = json.scalar();
            case "verb" -> change.verb = json.scalar();
            case "comment_id" -> change.commentId = json.scalar();
            case "post_id" -> change.postId = json.scalar();
            case "media_id" -> change.mediaId = json.scalar();
            case "text" -> change.text = json.scalar();
            case "created_time" -> change.timestampMillis = PlatformTime.millis(json.scalar());
            default -> messaging.field(change);
        }
        return false;
    }

    private boolean list(String name, int from) throws MalformedJson, TooManyItems {
        if (json.peek() != '[') {
            json.skip();
            return false;
        }
        for (var more = json.beginArray(); more; more = json.nextItem()) {
            switch (name) {
                case "messages" -> elements.add(whatsapp.message(batch));
                case "statuses" -> elements.add(whatsapp.status(batch));
                default -> errors.add(whatsapp.error(batch));
            }
            if (elements.size() + errors.size() > itemsMax) {
                throw new TooManyItems();
            }
        }
        if (name.equals("errors")) {
            errorsField = json.since(from);
        }
        return true;
    }

    private void metadata() throws MalformedJson {
        if (json.peek() != '{') {
            json.skip();
            return;
        }
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "phone_number_id" -> {
                    change.page = json.scalar();
                    change.whatsapp = true;
                }
                default -> json.skip();
            }
        }
    }

    private void contacts() throws MalformedJson {
        if (json.peek() != '[') {
            json.skip();
            return;
        }
        for (var more = json.beginArray(); more; more = json.nextItem()) {
            contact();
        }
    }

    private void contact() throws MalformedJson {
        if (json.peek() != '{') {
            json.skip();
            return;
        }
        String phone = null;
        String id = null;
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "wa_id" -> phone = json.scalar();
                case "user_id" -> id = json.scalar();
                default -> json.skip();
            }
        }
        if (contacts.size() < CONTACTS_MAX) {
            contacts.add(new Contact(phone, id));
        }
    }

    private @Nullable String idOrScalar() throws MalformedJson {
        if (json.peek() != '{') {
            return json.scalar();
        }
        String id = null;
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "id" -> id = json.scalar();
                default -> json.skip();
            }
        }
        return id;
    }

    private static Kind kindOf(@Nullable String field) {
        return switch (field) {
            case "feed" -> Kind.FEED;
            case "comments", "live_comments" -> Kind.COMMENT;
            case "mention", "mentions" -> Kind.MENTION;
            case null -> Kind.UNRECOGNISED;
            default -> Kind.CHANGE;
        };
    }

    /** An object of these fields, each byte for byte. */
    private static RawJson object(List<RawJson> fields) {
        var out = new ByteArrayOutputStream();
        out.write('{');
        for (var field : fields) {
            if (out.size() > 1) {
                out.write(',');
            }
            field.appendTo(out);
        }
        out.write('}');
        var bytes = out.toByteArray();
        return RawJson.view(bytes, 0, bytes.length);
    }
}
