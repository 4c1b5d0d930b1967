// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The model, and a clock that only moves when told. */
final class ModelRig implements StoreRig {
    private long nowMs = 1_800_000_000_000L;
    private final InMemoryPartitionStore store = new InMemoryPartitionStore(() -> nowMs);

    @Override
    public PartitionStore store() {
        return store;
    }

    @Override
    public void subscribe(int partition, StreamGroup group) {
        store.partition(partition).subscribe(group);
    }

    @Override
    public String append(int partition, List<byte[]> lines) {
        return store.partition(partition).append(lines);
    }

    @Override
    public void miscount(int partition, long events) {
        store.partition(partition).counters.merge("added", events, Long::sum);
    }

    @Override
    public void pass(Duration time) {
        nowMs += time.toMillis();
    }

    @Override
    public void vanish(int partition, StreamGroup.Stream stream, String id) {
        store.partition(partition).stream(stream).vanish(id);
    }

    @Override
    public void dropGroup(int partition, StreamGroup group) {
        store.partition(partition).stream(group.stream()).dropGroup(group.name());
    }

    @Override
    public Map<String, Long> counters(int partition) {
        var counters = new TreeMap<>(store.partition(partition).counters);
        counters.values().removeIf(count -> count == 0);
        return counters;
    }

    @Override
    public List<String> pending(int partition, StreamGroup group) {
        return store.partition(partition).stream(group).pending(group.name());
    }

    @Override
    public List<String> entries(int partition, StreamGroup.Stream stream) {
        return store.partition(partition).stream(stream).ids();
    }

    @Override
    public List<String> entries(int partition, StreamGroup group) {
        try {
            return store.partition(partition).stream(group).ids();
        } catch (GroupMissing none) {
            return List.of();
        }
    }

    @Override
    public boolean redrive(int partition, int letter, byte[] line) {
        return store.partition(partition).redrive(letter, line);
    }

    @Override
    public void reset(int partition, StreamGroup group, StreamGroup older) {
        store.partition(partition).reset(group, older);
    }

    @Override
    public Replayed replayed(int partition, Subscription subscription) {
        return store.partition(partition).replayed(subscription);
    }

    @Override
    public void drop(int partition, StreamGroup group) {
        store.partition(partition).drop(group);
    }

    @Override
    public List<String> replies(int partition) {
        return store.partition(partition).out.all().stream()
                .flatMap(entry -> new String(entry.batch(), UTF_8).lines())
                .toList();
    }

    @Override
    public Map<String, JournalRow> journal(int partition) {
        return new TreeMap<>(store.partition(partition).journal);
    }

    @Override
    public List<ModelPartition.Letter> letters(int partition) {
        return List.copyOf(store.partition(partition).letters);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
