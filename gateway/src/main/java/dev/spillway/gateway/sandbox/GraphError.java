// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

/**
 * A refusal in the platform's own shape.
 *
 * @param subcode 0 for none
 */
record GraphError(int status, int code, int subcode, String message) {
    /** The token is missing, unknown, or another page's. */
    static final GraphError TOKEN =
            new GraphError(401, 190, 0, "Invalid OAuth access token - Cannot parse access token");

    /** A bad parameter. */
    static GraphError parameter(String message) {
        return parameter(0, message);
    }

    /** A bad parameter, told apart by a subcode. */
    static GraphError parameter(int subcode, String message) {
        return new GraphError(400, 100, subcode, "(#100) " + message);
    }

    /** An address of the Graph API that the sandbox does not have. */
    static GraphError path() {
        return new GraphError(400, 2500, 0, "Unknown path components or unsupported method");
    }

    byte[] json(String trace) {
        var answer = Json.object();
        var error = answer.putObject("error");
        error.put("message", message).put("type", "OAuthException").put("code", code);
        if (subcode != 0) {
            error.put("error_subcode", subcode);
        }
        if (code == 1 || code == 2 || code == 1200) {
            error.put("is_transient", true);
        }
        error.put("fbtrace_id", trace);
        return Json.bytes(answer);
    }
}
