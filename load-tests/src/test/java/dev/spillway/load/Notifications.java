// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.InstantSource;
import java.util.Iterator;
import java.util.Map;

/**
 * An endless row of signed notifications, each with one text message of its own: the feeder of the simulations.
 *
 * <p>Every body has {@link #BYTES} bytes, about the size of a message in real traffic; every message id is new, also
 * between runs, or the gateway would take the second run's messages for copies of the first's. For one thread at a time,
 * which is how Gatling uses a feeder.
 */
final class Notifications implements Iterator<Map<String, Object>> {
    static final int BYTES = 520;
    static final String BODY = "body";
    static final String SIGNATURE = "signature";

    private static final String FORM = "{\"object\":\"page\",\"entry\":[{\"id\":\"%1$d\",\"time\":%2$d,\"messaging\":[{"
            + "\"sender\":{\"id\":\"%3$d\"},\"recipient\":{\"id\":\"%1$d\"},\"timestamp\":%2$d,"
            + "\"message\":{\"mid\":\"m_%4$s%5$012d\",\"text\":\"%6$s\"}}]}]}";
    private static final String WORDS = "Solve 3x + 5 = 20 and show each step please. ";

    private final Crowd crowd;
    private final Signer signer;
    private final String run;
    private final InstantSource clock;
    private long n;

    /**
     * @param run sets this run's message ids apart from those of others
     * @param clock when messages are written
     */
    Notifications(Crowd crowd, Signer signer, String run, InstantSource clock) {
        this.crowd = crowd;
        this.signer = signer;
        this.run = run;
        this.clock = clock;
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Map<String, Object> next() {
        var bare = body("");
        var body = body(filler(BYTES - bare.length())).getBytes(US_ASCII);
        n++;
        return Map.of(BODY, body, SIGNATURE, signer.sign(body));
    }

    private String body(String text) {
        return FORM.formatted(crowd.page(n), clock.millis(), crowd.user(n), run, n, text);
    }

    private static String filler(int length) {
        return WORDS.repeat(length / WORDS.length() + 1).substring(0, length);
    }
}
