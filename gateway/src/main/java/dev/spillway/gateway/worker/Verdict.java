// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Reply;
import java.time.Duration;
import java.util.List;

/** A bot's word on an event. */
public sealed interface Verdict {
    /** Done: send these replies, in this order; the list may be empty. */
    record Accept(List<Reply> replies) implements Verdict {
        public Accept {
            replies = List.copyOf(replies);
        }
    }

    /** Not now: run it again after this time. Its conversation waits, others go on. */
    record Release(Duration after, String reason) implements Verdict {}

    /** Never: make it a dead letter with this reason. */
    record Reject(String reason) implements Verdict {}

    /** Done, with these replies. */
    static Verdict accept(Reply... replies) {
        return new Accept(List.of(replies));
    }
}
