// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets so many connections in and closes the others at once. */
final class Connections {
    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    Connections(int max) {
        this.max = max;
    }

    void admit(HttpConnection connection) {
        connection.closeHandler(closed -> open.decrementAndGet());
        if (open.incrementAndGet() > max) {
            connection.close();
        }
    }
}
