// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The flushes of one lane in a cluster: what is for a partition goes to the node that has it now. As a lane starts with
 * the partitions of one node, its flushes are for that node, or for the one that was promoted, until slots are moved.
 *
 * <p>A partition that has come to another node is repaired there before anything new of it. Threads: owned by its lane's
 * context.
 */
final class SpreadFlush implements Lane.Flush {
    private final Links links;
    private final int[] partitions;
    private final Function<RedisLink, AppendLink> make;
    private final Map<RedisLink, AppendLink> appends = new HashMap<>();
    private final Map<Integer, RedisLink> last = new HashMap<>();

    SpreadFlush(Links links, int[] partitions, Function<RedisLink, AppendLink> make) {
        this.links = links;
        this.partitions = partitions.clone();
        this.make = make;
    }

    /** Slots may have moved. Call on the context. */
    void moved() {
        for (var partition : partitions) {
            append(partition);
        }
        appends.keySet().retainAll(links.all());
    }

    @Override
    public Future<List<Future<?>>> write(List<Batch> batches, long deadlineNanos) {
        var byNode = new LinkedHashMap<AppendLink, List<Integer>>();
        for (var i = 0; i < batches.size(); i++) {
            byNode.computeIfAbsent(append(batches.get(i).partition()), ignored -> new ArrayList<>())
                    .add(i);
        }
        if (byNode.size() == 1) {
            var append = byNode.keySet().iterator().next();
            return append.write(batches, deadlineNanos).onComplete(ignored -> followed(append, batches));
        }
        var ends = new ArrayList<Future<?>>(batches.size());
        batches.forEach(ignored -> ends.add(Future.succeededFuture()));
        var writes = new ArrayList<Future<?>>(byNode.size());
        byNode.forEach((append, which) -> {
            var some = which.stream().map(batches::get).toList();
            writes.add(append.write(some, deadlineNanos).onComplete(written -> {
                followed(append, some);
                for (var i = 0; i < which.size(); i++) {
                    // Counts may ride behind the batches.
                    ends.set(
                            which.get(i),
                            written.succeeded() ? written.result().get(i) : Future.failedFuture(written.cause()));
                }
            }));
        });
        return Future.join(writes).transform(ignored -> Future.succeededFuture(ends));
    }

    @Override
    public void rest() {
        appends.values().forEach(AppendLink::rest);
    }

    // A partition may go elsewhere while its flush is under way: then this flush too may have been lost there.
    private void followed(AppendLink wrote, List<Batch> batches) {
        for (var batch : batches) {
            var now = append(batch.partition());
            if (now != wrote) {
                now.adopt(batch.partition());
            }
        }
    }

    private AppendLink append(int partition) {
        var link = links.to(partition);
        var append = appends.computeIfAbsent(link, make);
        var before = last.put(partition, link);
        if (before != null && before != link) {
            append.adopt(partition);
        }
        return append;
    }
}
