// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.stream.ReplyAttempt;
import dev.spillway.gateway.stream.ReplyRecord;

/** A reply that is waiting or on its way. Owned by its partition's context. */
final class Sending {
    private final ReplyRecord reply;
    private final byte[] line;
    private final OpenReplies entry;
    private int attempt = 1;
    private int refusals;
    private int failures;
    private int repeats;
    private boolean overDoubt;

    Sending(ReplyRecord reply, byte[] line, OpenReplies entry) {
        this.reply = reply;
        this.line = line;
        this.entry = entry;
    }

    ReplyRecord reply() {
        return reply;
    }

    /** The record's own bytes. */
    byte[] line() {
        return line;
    }

    /** Whether the conversation's window has closed. */
    boolean isPast(long nowMillis) {
        return nowMillis > reply.expiresAtMillis();
    }

    OpenReplies entry() {
        return entry;
    }

    /** The attempt under way, or to come. */
    ReplyAttempt attempt() {
        return new ReplyAttempt(reply.id(), reply.hour(), attempt);
    }

    /** The platform refused it for now; counts how often. */
    int refused() {
        again();
        return ++refusals;
    }

    /** The platform failed at it; counts how often. */
    int failed() {
        return ++failures;
    }

    /** The next attempt is as if there had been none. */
    void again() {
        attempt++;
        overDoubt = false;
    }

    /** The next attempt is made although this one may have left. */
    void repeat(int doubtful) {
        attempt = doubtful + 1;
        repeats++;
        overDoubt = true;
    }

    /** How often it was sent once more over a doubt. */
    int repeats() {
        return repeats;
    }

    /** Whether an earlier attempt may have left. */
    boolean isOverDoubt() {
        return overDoubt;
    }
}
