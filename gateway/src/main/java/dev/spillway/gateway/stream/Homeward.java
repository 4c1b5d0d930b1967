// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the results of a lane to the event loops that wait for them, all of one flush with one task for each loop: a task
 * for each notification would wake a thread for each. Threads: owned by its lane's context.
 */
final class Homeward {
    private final Context context;
    private List<Append> arrived = new ArrayList<>();

    Homeward(Context context) {
        this.context = context;
    }

    void add(Append append) {
        if (arrived.isEmpty()) {
            context.runOnContext(ignored -> send()); // After all that this flush has ended.
        }
        arrived.add(append);
    }

    private void send() {
        var all = arrived;
        arrived = new ArrayList<>();
        Map<ContextInternal, List<Append>> byLoop = new LinkedHashMap<>();
        for (var append : all) {
            byLoop.computeIfAbsent(append.home(), ignored -> new ArrayList<>()).add(append);
        }
        byLoop.forEach((home, appends) -> home.runOnContext(ignored -> appends.forEach(Append::arrived)));
    }
}
