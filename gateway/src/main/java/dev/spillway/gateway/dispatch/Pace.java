// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.graph.Answer;
import dev.spillway.gateway.stream.ReplyRecord;
import io.vertx.core.Future;
import java.time.Duration;

/** When a reply may leave. */
interface Pace {
    /** Leave to send one reply, from an instant on; given back exactly once, as used or not. */
    interface Permit {
        /** Whether the reply may leave now: not before its instant, nor when it is void. Ask right before it does. */
        boolean isValid();

        /** Time left until its instant: the work that comes before the send fits in here. */
        Duration dueIn();

        /** Whether it came to nothing: held too long, or the page was paused meanwhile. */
        boolean isVoid();

        /**
         * Tries to become valid again, first in line and for a moment only: the reply is journaled as leaving by now. Ask
         * {@link #isValid} then; never fails.
         */
        Future<Void> renewed();

        /** The send ended like this; what it says of limits is taken in. */
        void used(Answer answer);

        /** Nothing was sent. */
        void release();
    }

    /** Completes when the reply may be sent. */
    Future<Permit> permit(ReplyRecord reply);
}
