// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/**
 * Why a connection could not be made. Pure.
 *
 * @param words for the operator, with what to look at
 * @param refused whether only an operator can change that; else the server may just be away
 */
record ConnectFailure(String words, boolean refused) {
    private static final int DEPTH_MAX = 16;

    /** Told by the innermost cause that says something. */
    static ConnectFailure of(Throwable failure) {
        var last = failure;
        var tls = false;
        for (var depth = 0; depth < DEPTH_MAX; depth++) {
            tls |= last instanceof SSLException;
            var words = String.valueOf(last.getMessage());
            if (ErrorReply.of(words) == ErrorReply.DENIED) {
                return new ConnectFailure(
                        words.startsWith("NOPERM")
                                ? AccessDenied.sentence(words)
                                : "redis user: " + words
                                        + " (expected: spillway.redis.username and password that Redis knows)",
                        true);
            }
            if (last instanceof CertificateException) {
                return new ConnectFailure(
                        "redis certificate: " + words
                                + " (expected: one for this host name, signed by spillway.redis.tls.ca-file)",
                        true);
            }
            if (last.getCause() == null) {
                break;
            }
            last = last.getCause();
        }
        return new ConnectFailure((tls ? "redis TLS: " : "") + String.valueOf(last.getMessage()), false);
    }
}
