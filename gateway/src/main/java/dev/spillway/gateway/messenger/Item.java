// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the pass over a notification has learned of one item so far. Mutable, owned by that pass.
 *
 * <p>It becomes an event only at the end of the body: the platform may write {@code object}, {@code id} and
 * {@code time} after the items they belong to.
 */
final class Item {
    /** The array an item came from; part of its key. */
    enum Listing {
        MESSAGING,
        STANDBY,
        CHANGES
    }

    /** One element of {@code entry}. */
    static final class Batch {
        @Nullable
        String id;

        long timeMillis = PlatformTime.ABSENT;

        /** A dashboard test without an envelope. */
        boolean bare;
    }

    /** How the item's own id is made up; decides the parts of its key. */
    enum Shape {
        /** An item of {@code messaging} or {@code standby}, or a change's value that looks like one. */
        MESSAGING,
        /** An element of a WhatsApp value's lists. */
        WHATSAPP,
        /** A change as a whole. */
        CHANGE
    }

    final Batch batch;
    final Listing listing;
    Shape shape;
    RawJson raw = NOTHING;

    @Nullable
    RawJson context;

    Kind kind = Kind.UNRECOGNISED;

    // Who: of a messaging item.
    @Nullable
    String senderId;

    @Nullable
    String senderRef;

    @Nullable
    String recipientId;

    @Nullable
    String recipientRef;

    // Who and where: of a change or of WhatsApp.
    @Nullable
    String page;

    @Nullable
    String user;

    @Nullable
    String thread;

    boolean whatsapp;

    // When.
    long timestampMillis = PlatformTime.ABSENT;
    long watermarkMillis = PlatformTime.ABSENT;

    // Which: the parts of the key, by their names in the payload.
    @Nullable
    String field;

    @Nullable
    String id;

    @Nullable
    String mid;

    @Nullable
    String numEdit;

    @Nullable
    String action;

    @Nullable
    String watermark;

    @Nullable
    String payload;

    @Nullable
    String title;

    @Nullable
    String type;

    @Nullable
    String token;

    @Nullable
    String status;

    @Nullable
    String ref;

    @Nullable
    String adId;

    @Nullable
    String userRef;

    @Nullable
    String subject;

    @Nullable
    String verb;

    @Nullable
    String commentId;

    @Nullable
    String postId;

    @Nullable
    String mediaId;

    @Nullable
    String fromId;

    @Nullable
    String text;

    List<String> mids = List.of();

    /** A hint without content: only the notification's time tells two of them apart. */
    boolean hint;

    private static final RawJson NOTHING = RawJson.of("");

    Item(Batch batch, Listing listing, Shape shape) {
        this.batch = batch;
        this.listing = listing;
        this.shape = shape;
    }

    void addMid(String one) {
        if (mids.isEmpty()) {
            mids = new ArrayList<>();
        }
        mids.add(one);
    }

    /** Whether it names a sender or a recipient, as only messaging items do. */
    boolean isAddressed() {
        return senderId != null || senderRef != null || recipientId != null || recipientRef != null;
    }
}
