// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * A consumer group over all partitions: a subscription to the events, or the one group that takes replies.
 *
 * <p>Group and consumer have the same, fixed name, so that nothing is ever left with a consumer that is gone.
 *
 * @param name of group and consumer; for a subscription its name and generation, such as {@code peter.1}
 * @param page whose events are set aside for the group; empty for a stream of all
 */
public record StreamGroup(Stream stream, String name, String page) {
    /** The streams of a partition: two, and those of pages set aside. */
    public enum Stream {
        EVENTS,
        REPLIES,
        ASIDE
    }

    /** A group over a stream of all. */
    public StreamGroup(Stream stream, String name) {
        this(stream, name, "");
    }

    /** The group that dispatchers share. */
    public static final StreamGroup DISPATCH = new StreamGroup(Stream.REPLIES, "d");

    /** The group of a subscription. */
    public static StreamGroup of(Subscription subscription) {
        return new StreamGroup(Stream.EVENTS, subscription.id());
    }

    /** The same over what of a page is set aside for it; under the same lease. */
    public static StreamGroup aside(Subscription subscription, String page) {
        return new StreamGroup(Stream.ASIDE, subscription.id(), page);
    }

    String streamKey(int partition) {
        return switch (stream) {
            case EVENTS -> Keys.in(partition);
            case REPLIES -> Keys.out(partition);
            case ASIDE -> Keys.PREFIX + "as:" + Keys.tag(partition) + ":" + name + ":" + page;
        };
    }

    String leaseKey(int partition) {
        return switch (stream) {
            case EVENTS, ASIDE -> Keys.PREFIX + "own:" + Keys.tag(partition) + ":" + name;
            case REPLIES -> Keys.PREFIX + "own-out:" + Keys.tag(partition);
        };
    }

    String membersKey() {
        return switch (stream) {
            case EVENTS, ASIDE -> Keys.members(name);
            case REPLIES -> Keys.members("-out");
        };
    }
}
