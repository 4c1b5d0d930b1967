// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The parts that tell two events of one kind and page apart, kind by kind.
 *
 * <p>Never {@code entry.time}: a second delivery of the same event may carry another one. Where an event has no id of
 * its own (an old postback has none), its bytes are its id.
 */
final class EventParts {
    private EventParts() {}

    /** Puts the parts; false, and nothing put, if the item has no id of its own. */
    static boolean put(Item item, @Nullable String user, KeyDigest digest) {
        return switch (item.shape) {
            case MESSAGING -> messaging(item, user, digest);
            case WHATSAPP -> whatsapp(item, user, digest);
            case CHANGE -> change(item, digest);
        };
    }

    private static boolean messaging(Item item, @Nullable String user, KeyDigest digest) {
        return switch (item.kind) {
            case MESSAGE, ECHO, UNSEND, UNSUPPORTED, POSTBACK -> mid(item, digest);
            case EDIT -> mid(item, digest) && did(digest.put(item.numEdit));
            case REACTION ->
                mid(item, digest) && did(digest.put(user).put(item.action).put(item.timestampMillis));
            case DELIVERY -> delivery(item, user, digest);
            case READ -> read(item, user, digest);
            case OPTIN -> optin(item, user, digest);
            case REFERRAL -> referral(item, user, digest);
            case ACCOUNT_LINKING,
                    PASS_THREAD_CONTROL,
                    TAKE_THREAD_CONTROL,
                    REQUEST_THREAD_CONTROL,
                    APP_ROLES,
                    POLICY_ENFORCEMENT,
                    RESPONSE_FEEDBACK,
                    MESSAGING_FEEDBACK,
                    CUSTOMER_INFORMATION,
                    ORDER,
                    COUPON,
                    GAME_PLAY,
                    MESSAGE_REQUEST,
                    UNRECOGNISED -> false;
            case STATUS, SYSTEM, FEED, COMMENT, MENTION, CHANGE, REPLY_OUTCOME -> false; // never of this shape
        };
    }

    private static boolean mid(Item item, KeyDigest digest) {
        return item.mid != null && did(digest.put(item.mid));
    }

    private static boolean delivery(Item item, @Nullable String user, KeyDigest digest) {
        if (item.watermark == null && item.mids.isEmpty()) {
            return false;
        }
        digest.put(user).put(item.watermark);
        if (!item.mids.isEmpty()) {
            Collections.sort(item.mids);
            item.mids.forEach(digest::put);
        }
        return true;
    }

    private static boolean read(Item item, @Nullable String user, KeyDigest digest) {
        if (item.watermark != null) {
            return did(digest.put(user).put(item.watermark));
        }
        return mid(item, digest);
    }

    /** With the time, for a person may stop, resume and stop again by the same token. */
    private static boolean optin(Item item, @Nullable String user, KeyDigest digest) {
        if (item.token != null) {
            return did(digest.put(item.type).put(item.token).put(item.status).put(item.timestampMillis));
        }
        return item.timestampMillis != PlatformTime.ABSENT
                && did(digest.put(user).put(item.timestampMillis).put(item.ref).put(item.status));
    }

    private static boolean referral(Item item, @Nullable String user, KeyDigest digest) {
        return item.timestampMillis != PlatformTime.ABSENT
                && did(digest.put(user)
                        .put(item.timestampMillis)
                        .put(item.ref)
                        .put(item.adId)
                        .put(item.type));
    }

    /** With the person: a status of a message to a group comes once for each of its members. */
    private static boolean whatsapp(Item item, @Nullable String user, KeyDigest digest) {
        if (item.id == null) {
            return false;
        }
        digest.put(item.id);
        return item.kind != Kind.STATUS || did(digest.put(item.status).put(user));
    }

    private static boolean change(Item item, KeyDigest digest) {
        return switch (item.kind) {
            case FEED, MENTION -> feed(item, digest);
            case COMMENT ->
                item.id != null && did(digest.put(item.field).put(item.id).put(item.text));
            default -> false;
        };
    }

    private static boolean feed(Item item, KeyDigest digest) {
        if (item.commentId == null && item.postId == null) {
            return false;
        }
        digest.put(item.field)
                .put(item.subject)
                .put(item.verb)
                .put(item.commentId != null ? item.commentId : item.postId)
                .put(item.fromId)
                .put(item.timestampMillis);
        if (!"add".equals(item.verb) && !"remove".equals(item.verb)) {
            digest.put(item.raw); // a second edit carries the first one's created_time
        }
        return true;
    }

    private static boolean did(KeyDigest ignored) {
        return true;
    }
}
