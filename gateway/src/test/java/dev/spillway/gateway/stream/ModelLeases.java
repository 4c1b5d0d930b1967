// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.EventKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The leases of one partition of the model. */
final class ModelLeases {
    private static final class Lease {
        private boolean closed;
        private String owner = "";
        private long epoch;
        private long expiryMs;
        private int takeovers;
        private List<EventKey> suspects = List.of();
        private int crashes;

        Lease copy() {
            var copy = new Lease();
            copy.closed = closed;
            copy.owner = owner;
            copy.epoch = epoch;
            copy.expiryMs = expiryMs;
            copy.takeovers = takeovers;
            copy.suspects = suspects;
            copy.crashes = crashes;
            return copy;
        }
    }

    private final Set<Flaw> flaws;
    private final Map<StreamGroup, Lease> leases = new HashMap<>();

    ModelLeases(Set<Flaw> flaws) {
        this.flaws = flaws;
    }

    ModelLeases copy() {
        var copy = new ModelLeases(flaws);
        leases.forEach((group, lease) -> copy.leases.put(group, lease.copy()));
        return copy;
    }

    LeaseAnswer lease(StreamGroup group, String owner, Duration ttl, boolean healthy, long now) {
        var lease = leases.computeIfAbsent(group, ignored -> new Lease());
        if (lease.closed) {
            return new LeaseAnswer.Refused(Duration.ofDays(1));
        }
        if (!lease.owner.equals(owner)) {
            var free = lease.owner.isEmpty();
            if (!free && lease.expiryMs > now && lease.expiryMs <= now + 2 * ttl.toMillis()) {
                return new LeaseAnswer.Refused(Duration.ofMillis(lease.expiryMs - now));
            }
            lease.epoch += lease.epoch > 0 && flaws.contains(Flaw.SAME_EPOCH) ? 0 : 1;
            lease.takeovers = free ? 0 : lease.takeovers + 1;
            lease.crashes += !free && lease.suspects.size() == 1 ? 1 : 0;
        }
        lease.owner = owner;
        lease.expiryMs = now + ttl.toMillis();
        lease.takeovers = healthy ? 0 : lease.takeovers;
        return new LeaseAnswer.Held(
                new Fence(owner, lease.epoch), lease.takeovers, new Suspects(lease.suspects, lease.crashes));
    }

    void release(StreamGroup group, Fence fence) {
        var lease = leases.get(group);
        if (lease != null && lease.owner.equals(fence.owner()) && lease.epoch == fence.epoch()) {
            lease.owner = "";
            lease.takeovers = 0;
        }
    }

    void suspect(StreamGroup group, Fence fence, List<EventKey> running) {
        fenced(group, fence);
        var lease = Objects.requireNonNull(leases.get(group));
        if (!lease.suspects.equals(running)) {
            lease.suspects = List.copyOf(running);
            lease.crashes = 0;
        }
    }

    /** For good. */
    void close(StreamGroup group) {
        var lease = leases.computeIfAbsent(group, ignored -> new Lease());
        lease.closed = true;
        lease.owner = "";
    }

    boolean isClosed(StreamGroup group) {
        var lease = leases.get(group);
        return lease != null && lease.closed;
    }

    /** Throws LeaseLost unless this one is held. */
    void fenced(StreamGroup group, Fence fence) {
        var of = group.stream() == StreamGroup.Stream.ASIDE
                ? new StreamGroup(StreamGroup.Stream.EVENTS, group.name())
                : group;
        var lease = leases.get(of);
        var held = lease != null && Objects.equals(lease.owner, fence.owner()) && lease.epoch == fence.epoch();
        if (!held && !flaws.contains(Flaw.NO_FENCE)) {
            throw new LeaseLost("FENCED");
        }
    }
}
