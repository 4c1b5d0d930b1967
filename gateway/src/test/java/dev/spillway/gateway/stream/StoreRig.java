// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A partition store and its back door: what other stages and the clock do to it, and what can be seen in it. */
interface StoreRig extends AutoCloseable {
    /** What is tested. */
    PartitionStore store();

    /** Makes a group of a partition that starts with all that is kept, as the register does. */
    void subscribe(int partition, StreamGroup group);

    /** Appends one entry of events in the documented form; its id. */
    String append(int partition, List<byte[]> lines);

    /** Changes the count of what was added, without adding. */
    void miscount(int partition, long events);

    /** The server's clock goes on, or with a negative time is set back. */
    void pass(Duration time);

    /** Deletes an entry by hand. */
    void vanish(int partition, StreamGroup.Stream stream, String id);

    /** Deletes a group by hand. */
    void dropGroup(int partition, StreamGroup group);

    /** All that are not zero. */
    Map<String, Long> counters(int partition);

    /** Ids in order. */
    List<String> pending(int partition, StreamGroup group);

    /** Ids in order. */
    List<String> entries(int partition, StreamGroup.Stream stream);

    /** Ids in order; none if there is no such stream. */
    List<String> entries(int partition, StreamGroup group);

    /** Redrives the nth dead letter, as a person does; false if there is none. */
    boolean redrive(int partition, int letter, byte[] line);

    /** Makes a group in place of an older generation of it, as a reset to the start does. */
    void reset(int partition, StreamGroup group, StreamGroup older);

    /** What a subscription that was reset reads again. */
    Replayed replayed(int partition, Subscription subscription);

    /** Removes a group for good, as the register does. */
    void drop(int partition, StreamGroup group);

    /** The lines of all replies in the stream. */
    List<String> replies(int partition);

    /** The journal by reply. */
    Map<String, JournalRow> journal(int partition);

    /** Dead letters in order. */
    List<ModelPartition.Letter> letters(int partition);

    @Override
    void close();
}
