// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import io.vertx.core.Future;
import java.util.Map;

/**
 * Something that an operator can have done, at {@code POST /api/v1/actions/<name>} with a JSON object of texts.
 *
 * <p>Called on the port's event loop. A failed future is answered with 500 and without its message.
 */
public interface Action {
    /** In lower case with hyphens, such as {@code pause-page}. */
    String name();

    /** Does it. An argument that is missing or wrong is the action's own to answer, with 400. */
    Future<Answer> run(Map<String, String> arguments);
}
