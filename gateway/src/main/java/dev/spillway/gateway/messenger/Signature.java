// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks {@code X-Hub-Signature-256}: {@code sha256=} and 64 lower-case hex digits, the HMAC of the exact bytes
 * received under the app's secret.
 *
 * <p>Accepts any secret of the list, so that a secret can be changed without a gap. Compares in constant time, and
 * tries every secret whichever matches. Threads: safe for many.
 */
public final class Signature {
    /** The header, in the spelling of the platform; names of headers have no case. */
    public static final String HEADER = "X-Hub-Signature-256";

    /** What {@link #check} answers if no secret matches. */
    public static final int FORGED = -1;

    private static final String PREFIX = "sha256=";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;

    /** Never updated, only cloned: a clone is cheaper than a look-up and shares no state. */
    private final Mac[] prototypes;

    /** Throws {@link IllegalArgumentException} if there is no secret, or an empty one. */
    public Signature(List<byte[]> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("secrets: 0 (expected: 1 or more)");
        }
        prototypes = secrets.stream().map(Signature::mac).toArray(Mac[]::new);
    }

    /** The index of the secret that signed these bytes, or {@link #FORGED}. */
    public int check(@Nullable String header, byte[] body) {
        var claimed = claimed(header);
        if (claimed == null) {
            return FORGED;
        }
        var match = FORGED;
        for (var i = prototypes.length - 1; i >= 0; i--) {
            if (MessageDigest.isEqual(fresh(prototypes[i]).doFinal(body), claimed)) {
                match = i;
            }
        }
        return match;
    }

    /** The header's value for these bytes under the secret at {@code index}; for senders, such as a sandbox. */
    public String sign(int index, byte[] body) {
        return PREFIX + HexFormat.of().formatHex(fresh(prototypes[index]).doFinal(body));
    }

    /** The bytes that the header claims, null if it is missing or has another form. */
    private static byte @Nullable [] claimed(@Nullable String header) {
        if (header == null || header.length() != PREFIX.length() + 2 * MAC_BYTES || !header.startsWith(PREFIX)) {
            return null;
        }
        var claimed = new byte[MAC_BYTES];
        for (var i = 0; i < MAC_BYTES; i++) {
            var high = digit(header.charAt(PREFIX.length() + 2 * i));
            var low = digit(header.charAt(PREFIX.length() + 2 * i + 1));
            if (high < 0 || low < 0) {
                return null;
            }
            claimed[i] = (byte) ((high << 4) | low);
        }
        return claimed;
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    private static Mac mac(byte[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("secret: 0 bytes (expected: 1 or more)");
        }
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, never);
        }
    }

    private static Mac fresh(Mac prototype) {
        try {
            return (Mac) prototype.clone();
        } catch (CloneNotSupportedException never) {
            throw new IllegalStateException("the platform's own " + ALGORITHM + " can be cloned", never);
        }
    }
}
