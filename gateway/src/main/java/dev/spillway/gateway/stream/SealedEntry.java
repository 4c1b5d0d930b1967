// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.List;

/** An entry of replies that are all sealed. */
public record SealedEntry(String id, List<ReplyAttempt> replies) {
    public SealedEntry {
        replies = List.copyOf(replies);
    }
}
