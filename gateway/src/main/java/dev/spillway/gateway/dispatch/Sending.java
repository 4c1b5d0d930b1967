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

    OpenReplies entry() {
        return entry;
    }

    /** The attempt under way, or to come. */
    ReplyAttempt attempt() {
        return new ReplyAttempt(reply.id(), reply.hour(), attempt);
    }

    /** The platform refused it for now; counts how often. */
    int refused() {
        attempt++;
        return ++refusals;
    }

    /** The platform failed at it; counts how often. */
    int failed() {
        return ++failures;
    }

    void again() {
        attempt++;
    }
}
