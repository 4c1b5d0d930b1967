// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.EventKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Every move that changes the state of a partition after the append.
 *
 * <p>Each is atomic, and may be repeated: a second call with the same arguments changes nothing and gives the same
 * answer, but that {@link #take} says of what it gave before that it did, {@link #commit} that nothing was finished for
 * the first time, and {@link #trim} that nothing was left to trim. Those that take a {@link Fence} do nothing unless it holds the lease, and fail with {@link LeaseLost}. All
 * fail with {@link StoreUnavailable} when it is not known whether they happened: repeat them.
 */
public interface PartitionStore {
    /**
     * Takes the lease, or extends it.
     *
     * @param healthy the owner has worked for a while without trouble, so that the count of takeovers starts anew
     */
    Future<LeaseAnswer> lease(int partition, StreamGroup group, String owner, Duration ttl, boolean healthy);

    /** Gives the lease back. */
    Future<Void> release(int partition, StreamGroup group, Fence fence);

    /** Notes which events are about to be run, for the next holder if we die of one of them; none takes the note back. */
    Future<Void> suspect(int partition, StreamGroup group, Fence fence, List<EventKey> running);

    /** Says that a process takes part in a group, or with a time of zero that it leaves; tells who does. */
    Future<List<String>> heartbeat(StreamGroup group, String process, Duration ttl);

    /**
     * Takes entries: what was taken before and is not finished comes first, then new ones.
     *
     * @param after the last entry already in memory; {@code 0} for a new holder
     * @param events stop when this many are taken; an entry is never split
     * @param bytes stop when this many are taken
     */
    Future<List<Entry>> take(int partition, StreamGroup group, Fence fence, String after, int events, int bytes);

    /** For each event, whether the subscription has finished it already. */
    Future<List<Boolean>> seen(int partition, Subscription subscription, Fence fence, List<Guarded> events);

    /** Finishes events, and acknowledges entries that have no open event left. */
    Future<Committed> commit(
            int partition,
            Subscription subscription,
            Fence fence,
            List<? extends Finished> events,
            List<FinishedEntry> entries);

    /** Journals that replies are about to be sent. The doubtful ones of {@code again} are sent once more. */
    Future<List<JournalWord>> begin(int partition, Fence fence, List<ReplyAttempt> attempts, boolean again);

    /** Takes back a {@link #begin} of a reply that surely never left. */
    Future<Void> abort(int partition, Fence fence, ReplyAttempt attempt);

    /** Says that a reply was sent, though the lease may be gone. */
    Future<Void> sentLate(int partition, Fence fence, ReplyAttempt attempt);

    /** Says that the platform showed us these replies. */
    Future<Void> echoed(int partition, List<ReplyId> replies);

    /** The journal's rows of these replies. */
    Future<List<JournalRow>> rows(int partition, List<ReplyId> replies);

    /** Seals replies, and acknowledges entries whose replies are all sealed. */
    Future<Void> settle(int partition, Fence fence, List<? extends Sealed> replies, List<SealedEntry> entries);

    /**
     * Trims what every group of the stream has finished, but for what is kept all the same; fails with {@link
     * GroupMissing} if one of these is gone.
     */
    Future<Long> trim(int partition, StreamGroup.Stream stream, List<String> groups, Kept kept);

    /** The same, keeping nothing. */
    default Future<Long> trim(int partition, StreamGroup.Stream stream, List<String> groups) {
        return trim(partition, stream, groups, Kept.NOTHING);
    }

    /**
     * Compares a subscription's counters with its stream; corrects them if nothing waits and they differ just as they
     * did before, with nothing added since.
     *
     * @param before what the call before told
     */
    Future<Drift> drift(int partition, StreamGroup group, Fence fence, Drift before);
}
