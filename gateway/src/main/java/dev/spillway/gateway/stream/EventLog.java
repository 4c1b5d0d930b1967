// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.RawJson;
import io.vertx.core.Future;
import java.util.List;

/** Where events go when they come in. */
public interface EventLog {
    /**
     * Stores events, each in its partition and in the order given.
     *
     * <p>Succeeds when all of them are stored at the configured durability. Fails with {@link StoreFull} or {@link
     * StoreUnavailable}; some may have been stored then, and may be stored again: a second copy is dropped later.
     */
    Future<Void> append(List<Event> events);

    /** Says that the platform showed us these replies of ours: none of them is in doubt any more. */
    Future<Void> echoed(List<ReplyId> replies);

    /** How full the store is where this conversation's events go, from 0 to 1: then appends are to be refused. */
    double fullness(String conversation);

    /** The same where it is fullest. */
    double fullness();

    /** Keeps a signed body that nobody can read, for a person to look at. Fails like {@link #append}. */
    Future<Void> quarantine(String app, String reason, RawJson body);
}
