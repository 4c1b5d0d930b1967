// SPDX-License-Identifier: Apache-2.0
/**
 * The first class of the jar: checks the JVM before anything that needs Java 21 is loaded.
 *
 * <p>Promise: on a JVM that is too old, one sentence says so, and the exit code is 3.
 */
package dev.spillway.launcher;
