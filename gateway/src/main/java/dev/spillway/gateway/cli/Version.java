// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

/** Which Spillway this is, as {@code version} tells it. */
public record Version(String version, String commit, String java) {}
