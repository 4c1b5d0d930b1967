// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One that takes part, running.
 *
 * @param port where it takes webhooks
 * @param opsPort where it shows its meters; 0 if it has none
 * @param streams where it stores events; none if it stores nothing
 * @param keys all keys to forget between rounds, streams included
 */
record Contender(String name, int port, int opsPort, Child child, List<String> streams, List<String> keys)
        implements AutoCloseable {
    static final String SPILLWAY = "spillway";
    static final String NGINX = "nginx";
    static final String NODE = "node";
    static final String BARE = "bare";

    /** Streams of a peer, which shards over sixteen. */
    static List<String> sixteen(String prefix) {
        return IntStream.range(0, 16).mapToObj(shard -> prefix + shard).toList();
    }

    boolean stores() {
        return !streams.isEmpty();
    }

    @Override
    public void close() {
        child.close();
    }
}
