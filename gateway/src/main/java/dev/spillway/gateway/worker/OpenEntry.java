// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.FinishedEntry;

/** An entry some of whose events are not finished. Owned by its partition's context. */
final class OpenEntry {
    private final String id;
    private final int events;
    private final int bytes;
    private final boolean redelivered;
    private final String asidePage;
    private int open;
    private int filtered;

    OpenEntry(Entry entry) {
        this(entry, "");
    }

    /** {@code asidePage}: the page in whose stream it is, set aside; empty for the stream of all. */
    OpenEntry(Entry entry, String asidePage) {
        this.id = entry.id();
        this.events = entry.count();
        this.bytes = entry.batch().length;
        this.redelivered = entry.redelivered();
        this.asidePage = asidePage;
        this.open = 1; // The reading of the entry itself.
    }

    void opened() {
        open++;
    }

    /** One part is finished; true if it was the last. */
    boolean closed() {
        open--;
        return open == 0;
    }

    void filtered() {
        filtered++;
    }

    int events() {
        return events;
    }

    /** Whether an earlier holder had it too. */
    boolean redelivered() {
        return redelivered;
    }

    String asidePage() {
        return asidePage;
    }

    boolean isAside() {
        return !asidePage.isEmpty();
    }

    int bytes() {
        return bytes;
    }

    FinishedEntry finished() {
        return new FinishedEntry(id, events, filtered, asidePage);
    }
}
