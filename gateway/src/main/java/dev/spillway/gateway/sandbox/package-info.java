// SPDX-License-Identifier: Apache-2.0
/**
 * A faithful stand-in for the Messenger Platform: it sends signed webhooks, takes Graph API sends, and shows the
 * conversation as a chat page.
 *
 * <p>Promise: what it accepts the platform accepts, what the platform refuses it refuses with the same code, and it can
 * be told to fail in every way that the platform fails. For development and tests; never in production.
 *
 * <p>Threads: one event loop owns the state; the methods of {@link dev.spillway.gateway.sandbox.Sandbox} may be called
 * from any thread. Start reading there.
 */
@NullMarked
package dev.spillway.gateway.sandbox;

import org.jspecify.annotations.NullMarked;
