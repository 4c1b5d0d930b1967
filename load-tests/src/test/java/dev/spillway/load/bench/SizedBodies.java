// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import dev.spillway.load.Signer;

/** Signed notifications whose events have an exact size, for measuring what one takes in Redis. For one thread. */
final class SizedBodies {
    private static final int USERS = 10_000;
    private static final long FIRST_USER = 7_000_000_000_000_000L;
    private static final String PAGE = "100200300400500";

    private final Signer signer = new Signer(Bodies.SECRET);
    private final String run;
    private final long timestamp;
    private final int eventBytes;
    private final int eventsPerBody;

    /**
     * @param run letters and digits: sets its message ids apart from those of other runs
     * @param timestamp of every message, in milliseconds
     * @param eventBytes of each event's own JSON
     */
    SizedBodies(String run, long timestamp, int eventBytes, int eventsPerBody) {
        this.run = run;
        this.timestamp = timestamp;
        this.eventBytes = eventBytes;
        this.eventsPerBody = eventsPerBody;
    }

    /** The request with the events {@code index × eventsPerBody} and following. */
    byte[] request(long index) {
        var body = new StringBuilder(eventBytes * eventsPerBody + 128);
        body.append("{\"object\":\"page\",\"entry\":[{\"id\":\"").append(PAGE);
        body.append("\",\"time\":").append(timestamp);
        for (var i = 0; i < eventsPerBody; i++) {
            body.append(i == 0 ? ",\"messaging\":[" : ",").append(event(index * eventsPerBody + i));
        }
        return Bodies.request(signer, body.append("]}]}").toString());
    }

    /** One event's JSON. */
    String event(long number) {
        var without = event(number, "");
        if (without.length() > eventBytes) {
            throw new IllegalArgumentException(
                    "event bytes: " + eventBytes + " (expected: " + without.length() + " or more)");
        }
        return event(number, "x".repeat(eventBytes - without.length()));
    }

    private String event(long number, String text) {
        return "{\"sender\":{\"id\":\"" + (FIRST_USER + number % USERS) + "\"},\"recipient\":{\"id\":\"" + PAGE
                + "\"},\"timestamp\":" + timestamp + ",\"message\":{\"mid\":\"m_" + run + "_"
                + String.format("%09d", number) + "\",\"text\":\"" + text + "\"}}";
    }
}
