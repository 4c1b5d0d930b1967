// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How dev mode was asked for.
 *
 * @param httpPort the webhooks' port; 0 lets the system choose, here and below
 * @param opsPort the port of health, metrics and API
 * @param sandboxPort the port of the stand-in platform and its chat page
 * @param data where events are kept between two runs; none means that they are forgotten
 */
public record DevOptions(int httpPort, int opsPort, int sandboxPort, Optional<Path> data) {}
