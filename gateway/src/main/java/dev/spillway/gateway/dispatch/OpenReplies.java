// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.ReplyAttempt;
import dev.spillway.gateway.stream.SealedEntry;
import java.util.ArrayList;
import java.util.List;

/** An entry of the reply stream some of whose replies are not sealed. Owned by its partition's context. */
final class OpenReplies {
    private final String id;
    private final int count;
    private final int bytes;
    private final List<ReplyAttempt> replies = new ArrayList<>();
    private int open = 1; // The reading of the entry itself.

    OpenReplies(Entry entry) {
        this.id = entry.id();
        this.count = entry.count();
        this.bytes = entry.batch().length;
    }

    void opened(ReplyAttempt reply) {
        open++;
        replies.add(reply);
    }

    /** One part is sealed; true if it was the last. */
    boolean closed() {
        open--;
        return open == 0;
    }

    int count() {
        return count;
    }

    int bytes() {
        return bytes;
    }

    SealedEntry sealed() {
        return new SealedEntry(id, replies);
    }
}
