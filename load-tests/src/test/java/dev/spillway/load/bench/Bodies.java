// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spillway.load.Signer;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Signed notifications as whole HTTP requests, the same bytes for every contender.
 *
 * <p>Event {@code n} of a run has the message id {@code m_<run>_<n>}, so what was stored can be compared with what was
 * answered, one by one. An event alone makes a body of {@link #BYTES} bytes. For one thread.
 */
final class Bodies {
    static final int BYTES = 520;
    static final String SECRET = "a-secret-for-load-tests-only";
    static final String PATH = "/webhooks/load";

    private static final int USERS = 10_000;
    private static final long FIRST_USER = 7_000_000_000_000_000L;
    private static final long PAGE = 100_200_300_400_500L;
    private static final int PAGES = 4;
    private static final String WORDS = "Solve 3x + 5 = 20 and show each step please. ";

    private final Signer signer = new Signer(SECRET);
    private final String run;
    private final long timestamp;
    private final int eventsPerBody;
    private final String text;

    /**
     * @param run letters and digits: sets its message ids apart from those of other runs
     * @param timestamp of every message, in milliseconds
     */
    Bodies(String run, long timestamp, int eventsPerBody) {
        this.run = run;
        this.timestamp = timestamp;
        this.eventsPerBody = eventsPerBody;
        var filled = BYTES - new Bodies(run, timestamp).body(0).length();
        this.text = WORDS.repeat(BYTES / WORDS.length() + 1).substring(0, filled);
    }

    // With one event and no text, to measure what the rest takes.
    private Bodies(String run, long timestamp) {
        this.run = run;
        this.timestamp = timestamp;
        this.eventsPerBody = 1;
        this.text = "";
    }

    int eventsPerBody() {
        return eventsPerBody;
    }

    /** The body with events {@code index × eventsPerBody} and following. */
    String body(long index) {
        var page = PAGE + index % PAGES;
        var body = new StringBuilder(BYTES * eventsPerBody)
                .append("{\"object\":\"page\",\"entry\":[{\"id\":\"")
                .append(page)
                .append("\",\"time\":")
                .append(timestamp)
                .append(",\"messaging\":[");
        for (var i = 0; i < eventsPerBody; i++) {
            if (i > 0) {
                body.append(',');
            }
            event(body, page, index * eventsPerBody + i);
        }
        return body.append("]}]}").toString();
    }

    private void event(StringBuilder body, long page, long n) {
        body.append("{\"sender\":{\"id\":\"")
                .append(FIRST_USER + n % USERS)
                .append("\"},\"recipient\":{\"id\":\"")
                .append(page)
                .append("\"},\"timestamp\":")
                .append(timestamp)
                .append(",\"message\":{\"mid\":\"")
                .append(StoredEvents.MESSAGE_ID)
                .append(run)
                .append('_')
                .append(String.format("%09d", n))
                .append("\",\"text\":\"")
                .append(text)
                .append("\"}}");
    }

    /** The request with that body. */
    byte[] request(long index) {
        return request(signer, body(index));
    }

    /** The request with any body, signed. */
    static byte[] request(Signer signer, String body) {
        return ("POST " + PATH
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Hub-Signature-256: "
                        + signer.sign(body.getBytes(US_ASCII)) + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(US_ASCII);
    }

    /** Writes so many requests, each after a line with its length: what {@code wrk.lua} reads. */
    void write(OutputStream out, int count) throws IOException {
        for (var index = 0; index < count; index++) {
            var request = request(index);
            out.write((request.length + "\n").getBytes(US_ASCII));
            out.write(request);
        }
    }
}
