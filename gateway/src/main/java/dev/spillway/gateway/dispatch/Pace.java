// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.stream.ReplyRecord;
import io.vertx.core.Future;

/** When a reply may leave. */
interface Pace {
    /** Completes when the reply may be sent. */
    Future<Void> permit(ReplyRecord reply);
}
