// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers the GET by which the platform verifies that a webhook address is ours. */
public final class Handshake {
    /** What to answer. */
    public sealed interface Answer {
        /** 200 with exactly this text, as {@code text/plain}: it comes from outside and must not become a page. */
        record Challenge(String text) implements Answer {}

        /** The token is another one: 403. */
        record WrongToken() implements Answer {}

        /** Not a handshake: mode, token or challenge is missing, or the mode is unknown: 400. */
        record Incomplete() implements Answer {}
    }

    private Handshake() {}

    /**
     * Decides. Compares the token in constant time.
     *
     * @param query the decoded query parameter of a name, null if absent
     * @param token the verify token we configured
     */
    public static Answer answer(Function<String, @Nullable String> query, String token) {
        var mode = query.apply("hub.mode");
        var offered = query.apply("hub.verify_token");
        var challenge = query.apply("hub.challenge");
        if (!"subscribe".equals(mode) || offered == null || challenge == null) {
            return new Answer.Incomplete();
        }
        var same =
                MessageDigest.isEqual(offered.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
        return same ? new Answer.Challenge(challenge) : new Answer.WrongToken();
    }
}
