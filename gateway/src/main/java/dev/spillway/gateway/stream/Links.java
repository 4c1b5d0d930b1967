// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Future;
import java.util.List;

/** The connections of one user to all servers that have partitions: one, or in a cluster one for each such node. */
interface Links {
    /** That to the server of a partition. */
    RedisLink to(int partition);

    /** That to the server of any key. */
    RedisLink to(String key);

    /** Each once. */
    List<RedisLink> all();

    /** Starts connecting; completes when each is connected. */
    Future<Void> connect();

    /**
     * Is called when a partition may have come to another server or another life of it, before any command can be sent
     * there from the context of these links.
     */
    void onAnother(Runnable another);

    /** Lets go of all. */
    void close();

    /** One server has everything. */
    static Links of(RedisLink link) {
        return new Links() {
            @Override
            public RedisLink to(int partition) {
                return link;
            }

            @Override
            public RedisLink to(String key) {
                return link;
            }

            @Override
            public List<RedisLink> all() {
                return List.of(link);
            }

            @Override
            public Future<Void> connect() {
                return link.connect();
            }

            @Override
            public void onAnother(Runnable another) {
                link.onConnected(another);
            }

            @Override
            public void close() {
                link.close();
            }
        };
    }
}
