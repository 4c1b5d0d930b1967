// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.Map;

/**
 * What an error that Redis answers means for us. Pure; {@code docs/redis.md} has the same table in words.
 *
 * <p>Redis's own code is the first word. What it says inside a script may have none, and is known by its words.
 */
enum ErrorReply {
    /** The lease is another's: drop all that was done under it. */
    LEASE_LOST,
    /** A stream or group was deleted by hand: stop there, say it loudly, make nothing anew. */
    GROUP_MISSING,
    /** Out of memory: appends are refused, what is stored drains. */
    FULL,
    /** The server does not know the script, as after a restart: send its text. */
    SCRIPT_MISSING,
    /** Refused for now, nothing was done: ask again. */
    LATER,
    /** Not the primary, or not yet: give the connection up and look for who is. */
    NOT_PRIMARY,
    /** A cluster keeps this slot elsewhere: learn where, and ask there. */
    MOVED,
    /** A cluster is moving this slot: nothing was done, ask again until it has moved. */
    MOVING,
    /** The user may not do this: an operator must change that; ask again until then. */
    DENIED,
    /** Anything else: a fault of ours. */
    UNKNOWN;

    private static final Map<String, ErrorReply> BY_CODE = Map.ofEntries(
            Map.entry("FENCED", LEASE_LOST),
            Map.entry("NOGROUP", GROUP_MISSING),
            Map.entry("OOM", FULL),
            Map.entry("NOSCRIPT", SCRIPT_MISSING),
            Map.entry("MISCONF", LATER),
            Map.entry("NOREPLICAS", LATER),
            Map.entry("BUSY", LATER),
            Map.entry("CLUSTERDOWN", LATER),
            Map.entry("READONLY", NOT_PRIMARY),
            Map.entry("LOADING", NOT_PRIMARY),
            Map.entry("MASTERDOWN", NOT_PRIMARY),
            Map.entry("UNBLOCKED", NOT_PRIMARY),
            Map.entry("MOVED", MOVED),
            // The key's slot is on its way. Where it goes, the keys that have not come yet would be made anew.
            Map.entry("ASK", MOVING),
            Map.entry("TRYAGAIN", MOVING),
            Map.entry("NOPERM", DENIED),
            Map.entry("NOAUTH", DENIED),
            Map.entry("WRONGPASS", DENIED));

    /** The meaning of an error's whole text. */
    static ErrorReply of(String words) {
        var known = BY_CODE.get(code(words));
        if (known != null) {
            return known;
        }
        if (words.contains("attempted to access a non local key in a cluster")) {
            return MOVING;
        }
        if (words.contains("while the cluster is down")) {
            return LATER;
        }
        return words.contains("The user executing the script") ? DENIED : UNKNOWN;
    }

    /** The first word. */
    static String code(String words) {
        var space = words.indexOf(' ');
        return space < 0 ? words : words.substring(0, space);
    }
}
