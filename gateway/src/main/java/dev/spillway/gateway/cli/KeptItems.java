// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is kept for people to look at, as the commands ask for it. */
public interface KeptItems extends AutoCloseable {
    /** Which things. */
    enum Kind {
        /** Signed bodies that nobody can read. */
        QUARANTINE,
        /** Events that no bot could handle, and replies that will never leave. */
        DEAD_LETTERS
    }

    /**
     * One of them.
     *
     * @param about what else is known of it, such as its reason
     * @param body as it came; none where many are listed
     */
    record Item(String id, Instant at, long bytes, Map<String, String> about, byte[] body) {
        @Override
        public String toString() {
            return "Item[" + id + "]";
        }
    }

    /** How to come to them. */
    @FunctionalInterface
    interface Opener {
        /** Throws a {@link CommandFailure} if they cannot be reached; each of the methods below does, too. */
        KeptItems open(Settings settings, Kind kind);
    }

    /** The newest ones first, without their bodies. */
    List<Item> newest(int most);

    Optional<Item> find(String id);

    /** Takes one out; false if there is none of that id. */
    boolean purge(String id);

    /** Takes all out; returns how many. */
    long purgeAll();

    /** What became of a dead letter that was to be sent once more. */
    enum Redriven {
        DONE,
        MISSING,
        A_REPLY,
        UNREADABLE
    }

    /** Sends the event of a dead letter once more to the bot that gave it up, and takes the letter out. */
    Redriven redrive(String id);

    @Override
    void close();
}
