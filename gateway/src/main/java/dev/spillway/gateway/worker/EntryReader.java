// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.EventJson;
import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.Replayed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

/** Reads an entry of a stream into works: the events of it that are this subscription's, and are not elsewhere. */
final class EntryReader {
    /** What an entry was. */
    sealed interface Reading {
        record Works(OpenEntry entry, List<Work> works) implements Reading {}

        /** A record of a version that we do not know. */
        record Newer() implements Reading {}

        record Unreadable() implements Reading {}
    }

    private final EventFilter filter;
    private final String subscription;
    private final BiPredicate<String, String> elsewhere;
    private Replayed replayed = Replayed.NOTHING;

    /** {@code elsewhere} tells of a page and an entry whether that page's events of it are set aside already. */
    EntryReader(EventFilter filter, String subscription, BiPredicate<String, String> elsewhere) {
        this.filter = filter;
        this.subscription = subscription;
        this.elsewhere = elsewhere;
    }

    /** Events that were finished before a reset are marked as such. */
    void replayed(Replayed found) {
        replayed = found;
    }

    /** {@code asidePage}: the page in whose stream the entry is, set aside; empty for the stream of all. */
    Reading read(Entry entry, String asidePage) {
        var open = new OpenEntry(entry, asidePage);
        var works = new ArrayList<Work>(entry.count());
        for (var line : entry.lines()) {
            switch (EventJson.read(entry.batch(), line.from(), line.from() + line.length())) {
                case EventJson.Reading.Ok(var event) -> {
                    if (!filter.wants(event, subscription)) {
                        open.filtered();
                    } else if (open.isAside()) {
                        open.opened();
                        works.add(new Work(event, bytes(entry, line), open));
                    } else if (!elsewhere.test(event.page(), entry.id())) {
                        var again = replayed.includes(entry.id(), event.key());
                        open.opened();
                        works.add(new Work(again ? event.replayed() : event, bytes(entry, line), open));
                    }
                }
                case EventJson.Reading.Newer ignored -> {
                    return new Reading.Newer();
                }
                case EventJson.Reading.Malformed ignored -> {
                    return new Reading.Unreadable();
                }
            }
        }
        return new Reading.Works(open, works);
    }

    private static byte[] bytes(Entry entry, Entry.Line line) {
        return Arrays.copyOfRange(entry.batch(), line.from(), line.from() + line.length());
    }
}
