// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * A consumer group over all partitions: a subscription to the events, or the one group that takes replies.
 *
 * <p>Group and consumer have the same, fixed name, so that nothing is ever left with a consumer that is gone.
 *
 * @param name of group and consumer; for a subscription its name and generation, such as {@code peter.1}
 */
public record StreamGroup(Stream stream, String name) {
    /** The two streams of a partition. */
    public enum Stream {
        EVENTS,
        REPLIES
    }

    /** The group that dispatchers share. */
    public static final StreamGroup DISPATCH = new StreamGroup(Stream.REPLIES, "d");

    /** The group of a subscription. */
    public static StreamGroup of(Subscription subscription) {
        return new StreamGroup(Stream.EVENTS, subscription.id());
    }

    String streamKey(int partition) {
        return switch (stream) {
            case EVENTS -> Keys.in(partition);
            case REPLIES -> Keys.out(partition);
        };
    }

    String leaseKey(int partition) {
        return switch (stream) {
            case EVENTS -> Keys.PREFIX + "own:" + Keys.tag(partition) + ":" + name;
            case REPLIES -> Keys.PREFIX + "own-out:" + Keys.tag(partition);
        };
    }

    String membersKey() {
        return switch (stream) {
            case EVENTS -> Keys.members(name);
            case REPLIES -> Keys.members("-out");
        };
    }
}
