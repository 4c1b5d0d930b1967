// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import java.time.Duration;

/**
 * One way in which a send can go wrong on the platform's side. {@code taken} says whether the person gets the message
 * all the same, which the caller cannot know.
 */
public sealed interface Fault {
    /** The call waits this long, and then goes on as usual. */
    record Delay(Duration by) implements Fault {}

    /** The message is taken at once, but the 200 comes only after this time. */
    record LateAnswer(Duration by) implements Fault {}

    /** An error as JSON; subcode 0 leaves the subcode out. */
    record Refuse(int status, int code, int subcode, boolean taken) implements Fault {}

    /** An answer without the platform's JSON, as a proxy gives it. The message is not taken. */
    record Respond(int status, String body) implements Fault {}

    /** No answer ever; the connection stays open. */
    record Hang(boolean taken) implements Fault {}

    /** The connection is closed instead of an answer. Where the message is not taken, the call is not recorded. */
    record Cut(boolean taken) implements Fault {}
}
