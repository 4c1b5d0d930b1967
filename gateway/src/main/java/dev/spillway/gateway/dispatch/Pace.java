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
        /**
         * Takes it: whether the reply may leave now, not before the permit's instant nor when it is void. Ask once, right
         * before the bytes leave; true is answered by {@link #used}.
         */
        boolean spend();

        /** Time left until its instant: the work that comes before the send fits in here. */
        Duration dueIn();

        /** Whether it came to nothing: held too long, or the page was paused meanwhile. */
        boolean isVoid();

        /**
         * Tries to become valid again, first in line and for a moment only: the reply is journaled as leaving by now. Ask
         * {@link #spend} then; never fails.
         */
        Future<Void> renewed();

        /** Whether this call is to find out if the other side is well again: its failure says nothing of the reply. */
        boolean isProbe();

        /** The send ended like this; what it says of limits is taken in. */
        void used(Answer answer);

        /** Nothing was sent. */
        void release();
    }

    /** What the limits say. */
    sealed interface Word {
        /** It may leave from the permit's instant on. */
        record Granted(Permit permit) implements Word {}

        /** Not now, and asking earlier is in vain. */
        record NotYet(Duration time) implements Word {}

        /** Never again: this process ends. */
        record Closed() implements Word {}
    }

    /** Asks for leave to send this reply; answers in its turn, after some seconds at most. Never fails. */
    Future<Word> permit(ReplyRecord reply);
}
