// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import dev.spillway.gateway.kit.LedgerVerdict.Invariant;
import dev.spillway.gateway.kit.LedgerVerdict.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides from the lines of a run's ledgers whether the promises held.
 *
 * <p>A reply belongs to an event by page, user and seq. The order of a conversation is that of the first sends; all its
 * sends must be in one file. The rid's end, {@code <subscription>/<ordinal>}, says which reply of the event it is; one
 * event has each of them under one rid only, or it was worked on twice. Events flagged as repaired are left out of
 * {@link Invariant#TWICE_PROCESSED} and {@link Invariant#OUT_OF_ORDER}, as the documents promise no more for them.
 */
public final class LedgerCheck {
    private record Place(String page, String user, long seq) {}

    private record Conversation(String page, String user) {}

    private final Map<Place, String> eventAt = new LinkedHashMap<>();
    private final Map<String, Place> placeOf = new LinkedHashMap<>();
    private final Set<String> acked = new HashSet<>();
    private final List<LedgerLine.Send> sends = new ArrayList<>();
    private final Set<String> inDoubt = new HashSet<>();
    private final Set<String> dead = new HashSet<>();
    private final Set<String> parked = new HashSet<>();
    private final Set<String> repaired = new HashSet<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private LedgerCheck() {}

    /** Looks at a run that has come to rest. */
    public static LedgerVerdict verdictOn(List<LedgerLine> lines) {
        var check = new LedgerCheck();
        lines.forEach(check::add);
        check.lost();
        check.twiceProcessed();
        check.twiceSent();
        check.outOfOrder();
        check.ghosts();
        return new LedgerVerdict(check.allCounts(), List.copyOf(check.violations));
    }

    private void add(LedgerLine line) {
        switch (line) {
            case LedgerLine.Event event -> addEvent(event);
            case LedgerLine.Answer answer -> {
                counts.merge("answers " + answer.outcome().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
                if (answer.outcome() == LedgerLine.Outcome.ACKED) {
                    acked.add(answer.id());
                }
            }
            case LedgerLine.Send send -> sends.add(send);
            case LedgerLine.InDoubt doubt -> inDoubt.add(doubt.rid());
            case LedgerLine.DeadLetter letter -> dead.add(letter.id());
            case LedgerLine.Parked waiting -> parked.add(waiting.id());
            case LedgerLine.Repaired again -> repaired.add(again.id());
        }
    }

    private void addEvent(LedgerLine.Event event) {
        var place = new Place(event.page(), event.user(), event.seq());
        var before = eventAt.put(place, event.id());
        if (before != null || placeOf.put(event.id(), place) != null) {
            throw new IllegalArgumentException(
                    "the simulator wrote event " + event.id() + " twice, or two events at one place");
        }
    }

    private Map<String, Integer> allCounts() {
        var all = new LinkedHashMap<String, Integer>();
        all.put("events", placeOf.size());
        all.put("acked", acked.size());
        all.put("sends", sends.size());
        all.put("sends cut", (int)
                sends.stream().filter(send -> !send.answered()).count());
        all.put("replies", (int)
                sends.stream().map(LedgerLine.Send::rid).distinct().count());
        all.put("in doubt", inDoubt.size());
        all.put("dead letters", dead.size());
        all.put("parked", parked.size());
        all.put("repaired", repaired.size());
        all.putAll(new TreeMap<>(counts));
        return all;
    }

    private void lost() {
        var sent = new HashSet<Place>();
        sends.forEach(send -> sent.add(placeOf(send)));
        for (var id : acked) {
            var place = placeOf.get(id);
            if (place == null) {
                throw new IllegalArgumentException("event " + id + " was acknowledged but never written as sent");
            }
            if (!sent.contains(place) && !settledOtherwise(id)) {
                broken(Invariant.LOST, id + " of " + place);
            }
        }
    }

    private boolean settledOtherwise(String id) {
        return dead.contains(id) || parked.contains(id);
    }

    private void twiceProcessed() {
        record Part(Place place, String part) {}
        var ridsOf = new LinkedHashMap<Part, Set<String>>();
        for (var send : sends) {
            var id = eventAt.get(placeOf(send));
            if (id != null && !repaired.contains(id)) {
                ridsOf.computeIfAbsent(new Part(placeOf(send), partOf(send.rid())), part -> new HashSet<>())
                        .add(send.rid());
            }
        }
        ridsOf.forEach((part, rids) -> {
            if (rids.size() > 1) {
                broken(Invariant.TWICE_PROCESSED, part.place() + " has replies " + rids);
            }
        });
    }

    /** {@code <p>/<event key>/<s>/<ordinal>}: what comes after the key; nothing when it has another form. */
    private static String partOf(String rid) {
        var second = rid.indexOf('/', rid.indexOf('/') + 1);
        return second < 0 ? "" : rid.substring(second + 1);
    }

    private void twiceSent() {
        var times = new LinkedHashMap<String, Integer>();
        var placeOfRid = new HashMap<String, Place>();
        for (var send : sends) {
            times.merge(send.rid(), 1, Integer::sum);
            var before = placeOfRid.putIfAbsent(send.rid(), placeOf(send));
            if (before != null && !before.equals(placeOf(send))) {
                broken(Invariant.TWICE_SENT, send.rid() + " answers " + before + " and " + placeOf(send));
            }
        }
        times.forEach((rid, count) -> {
            if (count > 1 && !inDoubt.contains(rid)) {
                broken(Invariant.TWICE_SENT, rid + " was sent " + count + " times");
            }
        });
    }

    private void outOfOrder() {
        var highest = new HashMap<Conversation, Long>();
        var first = new HashSet<Place>();
        for (var send : sends) {
            var place = placeOf(send);
            if (first.add(place) && !repaired.contains(eventAt.getOrDefault(place, ""))) {
                var before = highest.merge(conversationOf(place), place.seq(), Math::max);
                if (before > place.seq()) {
                    broken(Invariant.OUT_OF_ORDER, place + " came after seq " + before);
                }
            }
        }
        for (var id : acked) {
            var place = placeOf.get(id);
            if (place != null
                    && !first.contains(place)
                    && !settledOtherwise(id)
                    && !repaired.contains(id)
                    && highest.getOrDefault(conversationOf(place), Long.MIN_VALUE) > place.seq()) {
                broken(Invariant.OUT_OF_ORDER, place + " was skipped");
            }
        }
    }

    private void ghosts() {
        for (var send : sends) {
            if (!eventAt.containsKey(placeOf(send))) {
                broken(Invariant.GHOST, send.rid() + " answers " + placeOf(send));
            }
        }
    }

    private static Place placeOf(LedgerLine.Send send) {
        return new Place(send.page(), send.user(), send.seq());
    }

    private static Conversation conversationOf(Place place) {
        return new Conversation(place.page(), place.user());
    }

    private void broken(Invariant invariant, String what) {
        violations.add(new Violation(invariant, what));
    }
}
