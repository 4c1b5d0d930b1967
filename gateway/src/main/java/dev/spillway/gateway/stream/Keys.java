// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** Names of all keys. The part in braces puts everything of a partition into one slot of a cluster. */
final class Keys {
    static final String PREFIX = "g1:";
    static final String META = PREFIX + "meta";
    static final String SUBSCRIPTIONS = PREFIX + "subs";

    private Keys() {}

    static String tag(int partition) {
        return "{p" + partition + "}";
    }

    static String in(int partition) {
        return PREFIX + "in:" + tag(partition);
    }

    static String out(int partition) {
        return PREFIX + "out:" + tag(partition);
    }

    static String aside(int partition, Subscription subscription) {
        return PREFIX + "ass:" + tag(partition) + ":" + subscription.id();
    }

    static String journal(int partition) {
        return PREFIX + "jr:" + tag(partition);
    }

    static String counters(int partition) {
        return PREFIX + "ctr:" + tag(partition);
    }

    static String deadLetters(int partition) {
        return PREFIX + "dl:" + tag(partition);
    }

    static String quarantine(int partition) {
        return PREFIX + "qr:" + tag(partition);
    }

    static String members(String group) {
        return PREFIX + "members:" + group;
    }
}
