// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Our holding of one partition: the fence to present, and whether it may still be presented.
 *
 * <p>Valid until a margin before the lease can run out at the server, counted on our own monotonic clock from the start
 * of the last renewal that succeeded. No wall clock takes part.
 *
 * <p>Threads: owned by the context of its {@link LeaseKeeper}.
 */
public final class Tenure {
    private final int partition;
    private final LeaseAnswer.Held held;
    private final ServerGeneration generation;
    private final LongSupplier nanoClock;
    private final long validNanos;
    private final long acquiredNanos;
    private final Consumer<Tenure> onFenced;
    private final Consumer<Tenure> onUnfit;
    private long renewedNanos;
    private boolean ended;
    private boolean yielding;
    private boolean suspecting;

    Tenure(
            int partition,
            LeaseAnswer.Held held,
            ServerGeneration generation,
            LongSupplier nanoClock,
            Duration valid,
            long askedNanos,
            Consumer<Tenure> onFenced,
            Consumer<Tenure> onUnfit) {
        this.partition = partition;
        this.held = held;
        this.generation = generation;
        this.nanoClock = nanoClock;
        this.validNanos = valid.toNanos();
        this.acquiredNanos = askedNanos;
        this.renewedNanos = askedNanos;
        this.onFenced = onFenced;
        this.onUnfit = onUnfit;
    }

    /** The partition held. */
    public int partition() {
        return partition;
    }

    /** What proves it to the scripts. */
    public Fence fence() {
        return held.fence();
    }

    /** How often in a row it was taken from an owner that had not released it. */
    public int takeovers() {
        return held.takeovers();
    }

    /** What the last owner may have died of. */
    public Suspects suspects() {
        return held.suspects();
    }

    /** Whether events are run that may end the process: it does not count as healthy then. */
    public boolean isSuspecting() {
        return suspecting;
    }

    /** Says so. */
    public void suspecting(boolean now) {
        suspecting = now;
    }

    /**
     * Whether anything may still be done under it. Once it was not, it never is again: whoever asked may have dropped
     * work, which only a new holding reads again.
     */
    public boolean isValid() {
        ended |= nanoClock.getAsLong() - renewedNanos >= validNanos;
        return !ended;
    }

    /** Whether it is about to be given back: nothing new is taken. */
    public boolean isYielding() {
        return yielding;
    }

    /** A script said that the lease is another's: it ends now. */
    public void fenced() {
        onFenced.accept(this);
    }

    /** This process cannot do its work: it is given back, and not taken again. */
    public void unfit() {
        onUnfit.accept(this);
    }

    ServerGeneration generation() {
        return generation;
    }

    boolean renewalDue(Duration every) {
        return nanoClock.getAsLong() - renewedNanos >= every.toNanos();
    }

    boolean healthyFor(Duration age) {
        return !suspecting && nanoClock.getAsLong() - acquiredNanos >= age.toNanos();
    }

    void renewed(long askedNanos) {
        renewedNanos = askedNanos;
    }

    void yielding() {
        yielding = true;
    }

    void end() {
        ended = true;
    }
}
