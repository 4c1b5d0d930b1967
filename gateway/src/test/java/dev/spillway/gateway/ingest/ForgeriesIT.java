// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault 23: whoever cannot sign gets 401, learns nothing, and leaves nothing behind. */
final class ForgeriesIT {
    private static final byte[] BODY = EdgeRig.message("m_1");

    private final EdgeRig edge = EdgeRig.with();

    @AfterEach
    void close() {
        edge.close();
    }

    @Test
    void nothing_but_an_exact_signature_is_taken() {
        var good = EdgeRig.signature(BODY);
        var hex = good.substring("sha256=".length());
        var forged = new LinkedHashMap<String, String>();
        forged.put("none", "");
        forged.put("an empty one", header(""));
        forged.put("one by another secret", header(EdgeRig.signature("another", BODY)));
        forged.put("one of another body", header(EdgeRig.signature(EdgeRig.message("m_2"))));
        forged.put("the first digit changed", header("sha256=" + flipped(hex, 0)));
        forged.put("the last digit changed", header("sha256=" + flipped(hex, 63)));
        forged.put("too short", header(good.substring(0, good.length() - 1)));
        forged.put("too long", header(good + "0"));
        forged.put("half", header(good.substring(0, 39)));
        forged.put("in capitals", header("sha256=" + hex.toUpperCase(Locale.ROOT)));
        forged.put("without its prefix", header(hex));
        forged.put("with another prefix", header("sha512=" + hex));
        forged.put("only the old header", "X-Hub-Signature: sha1=" + hex.substring(0, 40) + "\r\n");
        forged.put("sha1 in the new header", header("sha1=" + hex.substring(0, 40)));
        forged.put("not hex", header("sha256=" + "g".repeat(64)));
        forged.put("not ASCII", header("sha256=" + "\u00e4".repeat(64)));
        forged.put("a wrong one before a right one", header("sha256=" + "0".repeat(64)) + header(good));

        forged.forEach((what, headers) -> assertThat(edge.exchange(request(headers)))
                .as(what)
                .startsWith("HTTP/1.1 401 ")
                .endsWith("content-length: 0\r\n\r\n")
                .doesNotContain(hex.substring(0, 8)));

        assertThat(edge.answers(Answer.FORGED)).isEqualTo(forged.size());
        assertThat(edge.stored.get()).isZero();
        assertThat(edge.quarantined).isEmpty();
    }

    @Test
    void every_secret_of_the_list_is_taken_and_the_older_ones_are_counted() {
        assertThat(edge.exchange(request(header(EdgeRig.signature(BODY)), "Connection: close\r\n")))
                .startsWith("HTTP/1.1 200 ");
        assertThat(edge.exchange(request(header(EdgeRig.signature(EdgeRig.OLD_SECRET, BODY)), "Connection: close\r\n")))
                .startsWith("HTTP/1.1 200 ");

        assertThat(edge.stored.get()).isEqualTo(2);
        assertThat(edge.registry.get("spillway.ingest.old.secret").counter().count())
                .isEqualTo(1);
    }

    private static String header(String signature) {
        return "X-Hub-Signature-256: " + signature + "\r\n";
    }

    private static String request(String... headers) {
        return "POST " + EdgeRig.PATH + " HTTP/1.1\r\nHost: edge\r\n" + String.join("", headers) + "Content-Length: "
                + BODY.length + "\r\n\r\n" + new String(BODY, StandardCharsets.UTF_8);
    }

    private static String flipped(String hex, int at) {
        return hex.substring(0, at) + (hex.charAt(at) == '0' ? '1' : '0') + hex.substring(at + 1);
    }
}
