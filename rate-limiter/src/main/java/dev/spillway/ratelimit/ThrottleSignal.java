// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/** What the limited party says about a scope, in neutral words; headers and error codes are read by the caller. */
public sealed interface ThrottleSignal {
    Scope scope();

    /**
     * How much of its own rolling limit the scope has used: slows down from 70 per cent, before any error.
     *
     * @param percent may pass 100
     */
    record Usage(Scope scope, double percent) implements ThrottleSignal {}

    /** Leave the scope alone for this long: a stated time to regain access, or an operator's word. */
    record Pause(Scope scope, Duration time) implements ThrottleSignal {}

    /** An operator ends the pause now. */
    record Resume(Scope scope) implements ThrottleSignal {}
}
