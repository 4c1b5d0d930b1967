// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs bodies as the platform does: HMAC-SHA-256 over the exact bytes, in lower-case hex. For one thread. */
public final class Signer {
    private final Mac mac;

    public Signer(String appSecret) {
        try {
            this.mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(appSecret.getBytes(US_ASCII), "HmacSHA256"));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this JDK cannot sign", broken);
        }
    }

    /** The value of the header {@code X-Hub-Signature-256}. */
    public String sign(byte[] body) {
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    }
}
