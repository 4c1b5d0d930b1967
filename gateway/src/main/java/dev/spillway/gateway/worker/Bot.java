// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

/**
 * Answers events. The one interface that a bot inside the JVM implements.
 *
 * <p>Threads: called on a virtual thread, one event of a conversation at a time and many conversations at once, so it
 * may block; it must be safe for use by many threads. An event may come more than once (after a crash, or a retry of
 * the platform that came late): its key is the key for side effects; its replies leave once all the same.
 *
 * <p>Ends: a verdict; anything thrown, or no answer within the time limit, counts as a failed attempt and is retried
 * like {@link Verdict.Release}, then the event becomes a dead letter.
 */
@FunctionalInterface
public interface Bot {
    /** Says what is to be done about the event. */
    Verdict handle(Delivery delivery) throws Exception;
}
