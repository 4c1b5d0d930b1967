// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

/** Every answer of the public port. None says more than the caller must know. */
enum Answer {
    /** Every event is stored. */
    STORED(200, "EVENT_RECEIVED", false),
    /** The handshake; its body is the challenge. */
    CHALLENGE(200, "", false),
    HANDSHAKE_REFUSED(403, "", true),
    HANDSHAKE_INCOMPLETE(400, "", true),
    FORGED(401, "", true),
    UNKNOWN_PATH(404, "", true),
    WRONG_METHOD(405, "", true),
    BODY_TOO_LARGE(413, "", true),
    BODY_TOO_SLOW(408, "", true),
    /** Not HTTP/1.1 or 1.0, or of more than one meaning: what two readers may read differently is not read at all. */
    MALFORMED(400, "", true),
    LINE_TOO_LONG(414, "", true),
    HEADERS_TOO_LARGE(431, "", true),
    /** It expects something of us that no standard knows. */
    EXPECTATION_UNKNOWN(417, "", true),
    /** The sender left before its body was whole. Nobody gets this answer; it is counted, under nginx's number. */
    SENDER_GONE(499, "", true),
    /** Too much is under way in this process already. */
    BUSY(503, "", false),
    /** The store did not answer in time. */
    STORE_AWAY(503, "", false),
    /** The store has no room. */
    STORE_FULL(503, "", false),
    /** Room is scarce, and there is nothing in it but receipts and other apps' echoes. */
    SHED_RECEIPTS(503, "", false),
    /** Room is scarce, and its page has more than its part of it. */
    SHED_HOT_PAGE(503, "", false),
    /** The process is stopping. */
    FAILED(503, "", true);

    private final int status;
    private final String body;
    private final boolean closes;

    Answer(int status, String body, boolean closes) {
        this.status = status;
        this.body = body;
        this.closes = closes;
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }

    /** Whether the connection ends with it: after a refusal nobody reads the rest of a body. */
    boolean closes() {
        return closes;
    }
}
