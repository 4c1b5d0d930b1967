// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

/**
 * One posting of a webhook.
 *
 * @param number 1 for the first
 * @param status what the gateway answered; 0 if it did not
 * @param retried whether there will be another
 */
record Attempt(int number, int status, long millis, boolean retried) {}
