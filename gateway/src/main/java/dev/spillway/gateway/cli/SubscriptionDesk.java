// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The subscriptions of all bots, as the commands ask for them. */
public interface SubscriptionDesk extends AutoCloseable {
    /**
     * One of them, over all partitions.
     *
     * @param state creating, ready, paused or removing
     * @param oldest when the oldest event that waits was received; null if none waits
     * @param owners how many partitions each process holds
     */
    record Status(
            String name,
            int generation,
            String state,
            String onFull,
            String from,
            String replay,
            long waiting,
            @Nullable Instant oldest,
            long done,
            long dead,
            long skipped,
            long filtered,
            Map<String, Integer> owners) {}

    /** How to come to them. */
    @FunctionalInterface
    interface Opener {
        /** Throws a {@link CommandFailure} if they cannot be reached; each of the methods below does, too. */
        SubscriptionDesk open(Settings settings);
    }

    /** All, by name. */
    List<Status> list();

    /** Makes one that no gateway serves; its generation. One that is there already keeps its place. */
    int add(String name, Settings.Start start, Settings.OnFull onFull);

    /** Gives its bot nothing more, or again something. */
    void pause(String name, boolean paused);

    /** Reads again what was received since then, or all that is kept; its generation now. */
    int reset(String name, Optional<Instant> since, boolean send);

    /** Takes it out with all that is its own. */
    void remove(String name);

    @Override
    void close();
}
