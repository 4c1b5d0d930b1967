// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The pages that a subscription has set aside in a partition of the model. */
final class ModelAside {
    private final Set<Flaw> flaws;
    final Map<String, String> boundaries = new TreeMap<>();
    private final Map<String, ModelStream> streams = new HashMap<>();

    ModelAside(Set<Flaw> flaws) {
        this.flaws = flaws;
    }

    ModelAside copy() {
        var copy = new ModelAside(flaws);
        copy.boundaries.putAll(boundaries);
        streams.forEach((page, stream) -> copy.streams.put(page, stream.copy()));
        return copy;
    }

    ModelStream stream(String page) {
        var stream = streams.get(page);
        if (stream == null) {
            throw new GroupMissing("NOGROUP " + page);
        }
        return stream;
    }

    /** How many events went aside now; -1 if there is no room. */
    int set(String subscription, SetAside events) {
        var reached = boundaries.get(events.page());
        if (reached != null && SetAside.covers(reached, events.boundary())) {
            return 0;
        }
        var bytes = streams.values().stream()
                .mapToLong(stream -> stream.unfinishedBytes(subscription))
                .sum();
        if (bytes >= events.bytesMax() || (reached == null && boundaries.size() >= events.pagesMax())) {
            return -1;
        }
        boundaries.put(
                events.page(), flaws.contains(Flaw.BOUNDARY_AHEAD) ? after(events.boundary()) : events.boundary());
        var stream = streams.computeIfAbsent(events.page(), ignored -> new ModelStream());
        stream.makeGroup(subscription);
        events.batches().forEach(batch -> stream.add(batch.count(), batch.bytes()));
        return events.batches().stream().mapToInt(SetAside.Lines::count).sum();
    }

    /** Goes on in the name of a newer generation; what the older one had in hand. */
    List<byte[]> inherit(String older, String name) {
        var inHand = new ArrayList<byte[]>();
        for (var page : boundaries.keySet()) {
            var stream = stream(page);
            inHand.addAll(stream.inHand(older).values());
            stream.inherit(older, name);
        }
        boundaries.replaceAll((page, boundary) -> "0-0");
        return inHand;
    }

    boolean acknowledge(String subscription, FinishedEntry entry) {
        var stream = streams.get(entry.page());
        return stream != null && stream.acknowledge(subscription, entry.id());
    }

    boolean rejoin(String subscription, String page) {
        var stream = streams.get(page);
        if (stream != null && !stream.isFinished(subscription) && !flaws.contains(Flaw.REJOIN_EARLY)) {
            return false;
        }
        streams.remove(page);
        boundaries.remove(page);
        return true;
    }

    private static String after(String id) {
        return Long.parseLong(id, 0, id.indexOf('-'), 10) + 1 + "-0";
    }
}
