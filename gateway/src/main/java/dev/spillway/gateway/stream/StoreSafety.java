// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.List;

/**
 * What was found when the server's settings were looked at; each a sentence that says what to change.
 *
 * @param problems why the server must not be used as asked
 * @param warnings what works, but will hurt one day or cannot be seen
 */
public record StoreSafety(List<String> problems, List<String> warnings) {}
