// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over one notification. Collects its items; {@link EventMaker} turns them into events. */
final class NotificationPass {
    private final JsonCursor json;
    private final int itemsMax;
    private final MessagingReader messaging;
    private final List<Item> items = new ArrayList<>();
    private @Nullable String object;
    private boolean envelope;
    private boolean strange;
    private boolean recognised;

    NotificationPass(JsonCursor json, int itemsMax) {
        this.json = json;
        this.itemsMax = itemsMax;
        this.messaging = new MessagingReader(json);
    }

    /** Walks the whole body. */
    void run() throws MalformedJson, TooManyItems {
        if (json.peek() == '{') {
            root();
        } else {
            json.skip();
        }
        json.end();
        full();
    }

    /** What {@code object} says, null if nothing. */
    @Nullable
    String object() {
        return object;
    }

    /** The items in the order of the body; meaningful if {@link #isReadable}. */
    List<Item> items() {
        return items;
    }

    /** Whether the body has a shape we know. An empty {@code entry} has. */
    boolean isReadable() {
        return envelope && (recognised || !strange);
    }

    private void root() throws MalformedJson, TooManyItems {
        ChangeReader bare = null;
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "object" -> object = json.scalar();
                case "entry" -> entries();
                case "field", "value" -> {
                    bare = bare == null ? bare() : bare;
                    bare.field();
                }
                default -> json.skip();
            }
        }
        if (!envelope && bare != null && bare.hasField() && bare.hasValue()) {
            envelope = true;
            recognised = true;
            bare.finish(items::add);
        }
    }

    /** A change without an envelope, as some dashboard tests are. */
    private ChangeReader bare() {
        var batch = new Item.Batch();
        batch.bare = true;
        return new ChangeReader(json, batch, itemsMax);
    }

    private void entries() throws MalformedJson, TooManyItems {
        if (json.peek() == '[') {
            envelope = true;
            for (var more = json.beginArray(); more; more = json.nextItem()) {
                batch();
            }
        } else {
            json.skip();
        }
    }

    private void batch() throws MalformedJson, TooManyItems {
        var batch = new Item.Batch();
        var from = json.start();
        if (json.peek() != '{') {
            json.skip();
            unknown(batch, json.since(from));
            return;
        }
        ChangeReader change = null;
        var listed = false;
        var renamed = false;
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "id" -> batch.id = json.scalar();
                case "time" -> batch.timeMillis = PlatformTime.millis(json.scalar());
                case "messaging", "standby", "changes" -> {
                    list(batch, json.name());
                    listed = true;
                }
                case "changed_fields" -> {
                    json.skip();
                    renamed = true;
                }
                case "field", "value" -> {
                    change = change == null ? new ChangeReader(json, batch, itemsMax) : change;
                    change.field();
                }
                default -> json.skip();
            }
        }
        var changed = change != null && change.hasField();
        recognised |= listed || renamed || changed || batch.id != null;
        if (change != null && changed) {
            change.finish(items::add);
        } else if (renamed) {
            hint(batch, json.since(from));
        } else if (!listed) {
            unknown(batch, json.since(from));
        }
        full();
    }

    /** A list, or in its place a single item. */
    private void list(Item.Batch batch, String name) throws MalformedJson, TooManyItems {
        switch (json.peek()) {
            case 'n' -> json.skip();
            case '[' -> {
                for (var more = json.beginArray(); more; more = json.nextItem()) {
                    item(batch, name);
                }
            }
            default -> item(batch, name);
        }
    }

    private void item(Item.Batch batch, String name) throws MalformedJson, TooManyItems {
        switch (name) {
            case "messaging" -> items.add(messaging.read(batch, Item.Listing.MESSAGING));
            case "standby" -> items.add(messaging.read(batch, Item.Listing.STANDBY));
            default -> new ChangeReader(json, batch, itemsMax).read(items::add);
        }
        full();
    }

    /** Only the names of what changed: values are switched off for this subscription. */
    private void hint(Item.Batch batch, RawJson raw) {
        var item = new Item(batch, Item.Listing.CHANGES, Item.Shape.CHANGE);
        item.kind = Kind.CHANGE;
        item.raw = raw;
        items.add(item);
    }

    /** Kept as it came: beside entries that can be read, even a strange one is an event. */
    private void unknown(Item.Batch batch, RawJson raw) {
        strange = true;
        hint(batch, raw);
        items.getLast().kind = Kind.UNRECOGNISED;
    }

    private void full() throws TooManyItems {
        if (items.size() > itemsMax) {
            throw new TooManyItems();
        }
    }
}
