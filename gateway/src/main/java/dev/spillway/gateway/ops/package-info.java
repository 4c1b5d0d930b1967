// SPDX-License-Identifier: Apache-2.0
/**
 * What an operator sees: health, metrics and the API, on a port of its own.
 *
 * <p>Promise: the port answers while anything in the process can move, whatever Redis or the platform do, and says
 * nothing secret. A stage takes part by handing in a {@link Check}, a {@link Route} or an {@link Action}.
 * <p>Threads: checks, routes and actions are called on the port's event loop, and must not block it. Start reading at
 * {@link OpsServer}.
 */
@NullMarked
package dev.spillway.gateway.ops;

import org.jspecify.annotations.NullMarked;
