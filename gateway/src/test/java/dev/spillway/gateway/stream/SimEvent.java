// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A record of the simulation: an event, a copy of it, or one that is redriven.
 *
 * @param record which of all records; what lies in the stream
 * @param number which event; copies have the same
 * @param only the one subscription it is redriven for, or empty
 */
record SimEvent(int record, int number, EventKey key, String only, int conversation, Bucket bucket) {
    /** Two in each partition are of the page that has most, one is of another. */
    static final int CONVERSATIONS = 6;

    byte[] line() {
        return Integer.toString(record).getBytes(UTF_8);
    }

    int partition() {
        return partition(conversation);
    }

    static int partition(int conversation) {
        return conversation % SimWorld.PARTITIONS;
    }

    String page() {
        return conversation < 4 ? "100" : "200";
    }

    Guarded guarded() {
        return new Guarded(key, bucket);
    }

    boolean isRedriven() {
        return !only.isEmpty();
    }

    boolean isFor(Subscription subscription) {
        return only.isEmpty() || only.equals(subscription.id());
    }

    /** Some are given up, until they are redriven. */
    boolean isRejected() {
        return number % 7 == 6 && !isRedriven();
    }

    /** The bot's replies: each its id, and behind a space the conversation. */
    List<String> replies(Subscription subscription) {
        return IntStream.range(0, 1 + number % 2)
                .mapToObj(ordinal -> ReplyId.of(partition(), key, subscription, ordinal) + " " + conversation)
                .toList();
    }
}
