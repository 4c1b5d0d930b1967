// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Reads a notification, the body of one webhook POST, into its events, in one pass and without a tree.
 *
 * <p>Promise: never throws on any bytes, and every item of a readable body is an event: unknown kinds and odd ids too.
 * Threads: safe for many, if the random generator is.
 */
public final class Notifications {
    /**
     * What one body may ask for. Of a body beyond a limit nothing is read.
     *
     * @param depthMax how deep objects and arrays may nest; the platform's own stay under 16
     * @param eventsMax how many events; the platform speaks of 1,000 updates
     */
    public record Limits(int depthMax, int eventsMax) {
        public static final Limits DEFAULT = new Limits(64, 4096);

        public Limits {
            if (depthMax < 4 || depthMax > 256) {
                throw new IllegalArgumentException("depthMax: " + depthMax + " (expected: 4..256)");
            }
            if (eventsMax < 1) {
                throw new IllegalArgumentException("eventsMax: " + eventsMax + " (expected: 1 or more)");
            }
        }
    }

    /** How reading ended. */
    public sealed interface Reading {
        /** The events in the order of the body; empty for an envelope with nothing in it. */
        record Events(List<Event> events) implements Reading {}

        /** Not a notification as we know them. Signed, so it belongs in quarantine rather than refused. */
        record Unreadable(Reason reason) implements Reading {}
    }

    /** Why a body could not be read. */
    public enum Reason {
        NOT_JSON,
        TOO_DEEP,
        /** More than the limit; or a WhatsApp value whose elements, each with its context, would swell beyond 32 MiB. */
        TOO_MANY_EVENTS,
        /** Valid JSON, but neither the envelope with at least one entry that we know nor a bare change. */
        UNKNOWN_SHAPE
    }

    private final Limits limits;
    private final RandomGenerator random;

    /** With the default limits. */
    public Notifications() {
        this(Limits.DEFAULT, new SecureRandom());
    }

    /**
     * @param random makes the keys of dashboard tests, which repeat their ids
     */
    public Notifications(Limits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    /**
     * Reads one body.
     *
     * @param app the name of the app whose path it came to
     * @param body given away: the events are views of it
     * @param receivedAtMillis when it had been read, ms since 1970
     */
    public Reading read(String app, byte[] body, long receivedAtMillis) {
        var pass = new NotificationPass(new JsonCursor(body, 0, body.length, limits.depthMax()), limits.eventsMax());
        try {
            pass.run();
        } catch (MalformedJson malformed) {
            return new Reading.Unreadable(malformed.isTooDeep() ? Reason.TOO_DEEP : Reason.NOT_JSON);
        } catch (TooManyItems tooMany) {
            return new Reading.Unreadable(Reason.TOO_MANY_EVENTS);
        }
        if (!pass.isReadable()) {
            return new Reading.Unreadable(Reason.UNKNOWN_SHAPE);
        }
        var maker = new EventMaker(app, pass.object(), receivedAtMillis, random);
        var events = new ArrayList<Event>(pass.items().size());
        for (var item : pass.items()) {
            events.add(maker.make(item));
        }
        return new Reading.Events(events);
    }
}
