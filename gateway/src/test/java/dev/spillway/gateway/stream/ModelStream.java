// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A stream of the model: entries in order, groups with a position and what is pending. */
final class ModelStream {
    /** What was added. */
    record Added(int count, byte[] batch) {}

    private static final class Group {
        private long delivered;
        private final TreeSet<Long> pending = new TreeSet<>();

        Group(long delivered) {
            this.delivered = delivered;
        }
    }

    private final TreeMap<Long, Added> entries = new TreeMap<>();
    private final Map<String, Group> groups = new HashMap<>();
    private long last;

    ModelStream copy() {
        var copy = new ModelStream();
        copy.entries.putAll(entries);
        groups.forEach((name, group) -> {
            var of = new Group(group.delivered);
            of.pending.addAll(group.pending);
            copy.groups.put(name, of);
        });
        copy.last = last;
        return copy;
    }

    String add(int count, byte[] batch) {
        last++;
        entries.put(last, new Added(count, batch));
        return last + "-0";
    }

    /** Makes a group that starts with all that is kept; false if it is there. */
    boolean makeGroup(String name) {
        if (groups.containsKey(name)) {
            return false;
        }
        groups.put(name, new Group(0));
        return true;
    }

    boolean hasGroup(String name) {
        return groups.containsKey(name);
    }

    void dropGroup(String name) {
        groups.remove(name);
    }

    /** Another group in place of this one, which begins with what that has not finished. */
    void inherit(String older, String name) {
        var group = group(older);
        groups.remove(older);
        var before = group.pending.isEmpty() ? Long.valueOf(group.delivered) : entries.lowerKey(group.pending.first());
        groups.put(name, new Group(before == null ? 0 : before));
    }

    /** The last entry that a group was given. */
    String delivered(String name) {
        return group(name).delivered + "-0";
    }

    /** What a group has in hand. */
    Map<String, byte[]> inHand(String name) {
        var batches = new TreeMap<String, byte[]>(Bell.ORDER);
        for (var id : group(name).pending) {
            var added = entries.get(id);
            batches.put(id + "-0", added == null ? new byte[0] : added.batch());
        }
        return batches;
    }

    /** What is pending after this one unless only new ones are asked for, then what is new. A record without a batch has vanished. */
    List<Taken> take(String name, String afterId, int events, int bytes, boolean newOnly) {
        var taken = new ArrayList<Taken>();
        var after = number(afterId);
        var pending = !newOnly;
        while (events > 0 && bytes > 0) {
            var group = group(name);
            var id = pending ? group.pending.higher(after) : entries.higherKey(group.delivered);
            if (id == null && !pending) {
                break;
            }
            if (id == null) {
                pending = false;
                continue;
            }
            if (!pending) {
                group.delivered = id;
                group.pending.add(id);
            }
            var added = entries.get(id);
            taken.add(new Taken(id + "-0", added, pending));
            after = id;
            events -= Math.max(1, added == null ? 0 : added.count());
            bytes -= added == null ? 0 : added.batch().length;
        }
        return taken;
    }

    /** One entry as {@link #take} found it. */
    record Taken(String id, @Nullable Added added, boolean redelivered) {}

    boolean acknowledge(String name, String id) {
        var group = groups.get(name);
        return group != null && group.pending.remove(number(id));
    }

    long trim(List<String> names) {
        for (var name : names) {
            group(name);
        }
        var safe = groups.values().stream()
                .mapToLong(group -> group.pending.isEmpty() ? group.delivered : group.pending.first())
                .min();
        return safe.isEmpty() ? 0 : trimBefore(safe.getAsLong());
    }

    /** A wrong way to trim, for the defects. */
    long trimToLength(int most) {
        return entries.size() <= most
                ? 0
                : trimBefore(List.copyOf(entries.keySet()).get(entries.size() - most));
    }

    /** Trims as if there were this group alone. */
    long trimFor(String name) {
        var group = group(name);
        return trimBefore(group.pending.isEmpty() ? group.delivered : group.pending.first());
    }

    private long trimBefore(long id) {
        var old = entries.headMap(id, false);
        var count = old.size();
        old.clear();
        return count;
    }

    List<String> pending(String name) {
        return group(name).pending.stream().map(id -> id + "-0").toList();
    }

    /** The last entry ever added; empty if there is no stream. */
    String lastId() {
        return last == 0 && groups.isEmpty() ? "" : last + "-0";
    }

    /** Whether this group has finished all that was ever added. */
    boolean isFinished(String name) {
        var group = groups.get(name);
        return group != null && group.pending.isEmpty() && group.delivered == last;
    }

    /** What is left when all is trimmed that a group has finished; nothing if it has finished everything. */
    long unfinishedBytes(String name) {
        if (isFinished(name)) {
            return 0;
        }
        trimFor(name);
        return entries.values().stream()
                .mapToLong(added -> added.batch().length)
                .sum();
    }

    List<String> ids() {
        return entries.keySet().stream().map(id -> id + "-0").toList();
    }

    List<Added> all() {
        return List.copyOf(entries.values());
    }

    void vanish(String id) {
        entries.remove(number(id));
    }

    private Group group(String name) {
        var group = groups.get(name);
        if (group == null) {
            throw new GroupMissing("NOGROUP " + name);
        }
        return group;
    }

    private static long number(String id) {
        var dash = id.indexOf('-');
        return Long.parseLong(dash < 0 ? id : id.substring(0, dash));
    }
}
