// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.graph;

import dev.spillway.gateway.messenger.GraphError;
import dev.spillway.gateway.messenger.Remedy;
import org.jspecify.annotations.Nullable;

/** How one call to the Graph API ended. */
public sealed interface Outcome {
    /** The platform has it. */
    record Sent(String messageId) implements Outcome {}

    /**
     * The platform said no; nothing was sent.
     *
     * @param error what it said, or null if its body did not tell
     */
    record Refused(int status, @Nullable GraphError error, Remedy remedy) implements Outcome {}

    /**
     * The request never left: no connection, no place in the pool in time.
     *
     * @param ours whether the cause lies with us, and says nothing of the platform
     */
    record NotSent(String why, boolean ours) implements Outcome {}

    /**
     * The request may have left, and no answer came that can be trusted.
     *
     * @param answered whether it was the platform itself that answered, by its own JSON
     */
    record InDoubt(String why, boolean answered) implements Outcome {}
}
