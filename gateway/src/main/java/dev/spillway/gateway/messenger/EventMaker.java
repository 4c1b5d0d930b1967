// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import dev.spillway.gateway.messenger.Event.Mark;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Turns an item into an event: its page and person, its conversation, its time and bucket, its key.
 *
 * <p>For one notification; the rules are those of the platform's reference on conversations and duplicates.
 */
final class EventMaker {
    /** The page of an item that names none: the id that dashboard tests use. */
    private static final String NO_PAGE = "0";

    private static final long HOUR_MILLIS = 3_600_000;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

    private final String app;
    private final @Nullable String object;
    private final long receivedAtMillis;
    private final RandomGenerator random;
    private final KeyDigest digest = new KeyDigest();

    EventMaker(String app, @Nullable String object, long receivedAtMillis, RandomGenerator random) {
        this.app = app;
        this.object = object;
        this.receivedAtMillis = receivedAtMillis;
        this.random = random;
    }

    Event make(Item item) {
        var channel = channelOf(item);
        var kind = kindOf(item);
        var page = pageOf(item);
        var user = userOf(item, page);
        var ownMillis = item.timestampMillis != PlatformTime.ABSENT ? item.timestampMillis : item.watermarkMillis;
        return new Event(
                keyOf(item, kind, page, user),
                app,
                channel,
                page,
                user,
                conversationOf(item, page, user),
                kind,
                item.listing == Item.Listing.STANDBY,
                firstPresent(ownMillis, item.batch.timeMillis, receivedAtMillis),
                receivedAtMillis,
                bucketOf(lifeOf(item, channel), ownMillis, item.batch.timeMillis),
                item.context,
                item.raw,
                Mark.NONE);
    }

    private Channel channelOf(Item item) {
        return switch (object) {
            case "instagram" -> Channel.INSTAGRAM;
            case "whatsapp_business_account" -> Channel.WHATSAPP;
            case null -> item.whatsapp ? Channel.WHATSAPP : Channel.MESSENGER;
            default -> Channel.MESSENGER;
        };
    }

    /** On an object that we do not know, a key that looks familiar may mean anything. */
    private Kind kindOf(Item item) {
        return switch (object) {
            case "page", "instagram", "whatsapp_business_account" -> item.kind;
            case null -> item.kind;
            default -> item.kind == Kind.CHANGE || item.field != null ? Kind.CHANGE : Kind.UNRECOGNISED;
        };
    }

    private static String pageOf(Item item) {
        if (item.page != null) {
            return item.page;
        }
        if (item.batch.id != null) {
            return item.batch.id;
        }
        var side = item.kind == Kind.ECHO ? item.senderId : item.recipientId;
        return side == null ? NO_PAGE : side;
    }

    private static @Nullable String userOf(Item item, String page) {
        return switch (item.shape) {
            case MESSAGING -> personOf(item, page);
            case WHATSAPP -> item.user;
            case CHANGE -> null;
        };
    }

    /** The side that is not the page; by a reference where there is no id, in a name space of its own. */
    private static @Nullable String personOf(Item item, String page) {
        var fromPage = item.kind == Kind.ECHO || page.equals(item.senderId);
        var id = fromPage ? item.recipientId : item.senderId;
        if (id != null) {
            return id;
        }
        var side = fromPage ? item.recipientRef : item.senderRef;
        var ref = side != null ? side : item.userRef;
        return ref == null ? null : "user_ref:" + ref;
    }

    private static String conversationOf(Item item, String page, @Nullable String user) {
        var partner =
                switch (item.shape) {
                    case MESSAGING -> user;
                    case WHATSAPP -> item.thread != null ? item.thread : user;
                    case CHANGE -> postOf(item);
                };
        return partner == null ? page : page + ":" + partner;
    }

    /** The post, on Instagram the media, else the comment. */
    private static @Nullable String postOf(Item item) {
        if (item.postId != null) {
            return item.postId;
        }
        if (item.mediaId != null) {
            return item.mediaId;
        }
        if (item.commentId != null) {
            return item.commentId;
        }
        return item.kind == Kind.COMMENT ? item.id : null;
    }

    private static Bucket.Life lifeOf(Item item, Channel channel) {
        if (channel == Channel.WHATSAPP) {
            return Bucket.Life.WHATSAPP;
        }
        return item.listing == Item.Listing.CHANGES ? Bucket.Life.CHANGE : Bucket.Life.MESSAGING;
    }

    private static Bucket bucketOf(Bucket.Life life, long ownMillis, long batchMillis) {
        return ownMillis != PlatformTime.ABSENT
                ? new Bucket(life, Bucket.Unit.HOUR, ownMillis / HOUR_MILLIS)
                : new Bucket(life, Bucket.Unit.DAY, firstPresent(batchMillis, 0, 0) / DAY_MILLIS);
    }

    private static long firstPresent(long first, long second, long third) {
        if (first != PlatformTime.ABSENT) {
            return first;
        }
        return second != PlatformTime.ABSENT ? second : third;
    }

    private EventKey keyOf(Item item, Kind kind, String page, @Nullable String user) {
        if (isTest(item, page)) {
            return new EventKey(random.nextLong(), random.nextLong());
        }
        digest.put(app).put(object).put(item.listing.name()).put(kind.wire()).put(page);
        if (!EventParts.put(item, user, digest)) {
            digest.put("raw").put(item.raw);
        }
        if (item.hint) {
            digest.put(item.batch.timeMillis);
        }
        return digest.take();
    }

    /** A dashboard test repeats its ids for ever; each must pass. */
    private static boolean isTest(Item item, String page) {
        return NO_PAGE.equals(item.batch.id) || item.batch.bare || (item.batch.id == null && page.equals(NO_PAGE));
    }
}
