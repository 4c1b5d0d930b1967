// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Tells intakes that something came: one {@link Bell} for all of them, or in a cluster, where a server watches streams
 * of one slot only at a time, one for each partition that is held.
 *
 * <p>Threads: owned by one context.
 */
public final class Doorbell {
    private final IntFunction<Rope> make;
    private final boolean eachItsOwn;
    private final Map<Integer, Rope> ropes = new HashMap<>();

    /** A bell, and what lets go of its connection. */
    record Rope(Bell bell, Runnable close) {}

    private Doorbell(IntFunction<Rope> make, boolean eachItsOwn) {
        this.make = make;
        this.eachItsOwn = eachItsOwn;
    }

    /** One bell for every partition. */
    static Doorbell of(Bell bell) {
        return new Doorbell(ignored -> new Rope(bell, () -> {}), false);
    }

    /** A bell for each partition, made when it is first held. */
    static Doorbell ofEach(IntFunction<Rope> make) {
        return new Doorbell(make, true);
    }

    /** Watches for an intake too, and asks it at once. */
    public void add(Intake intake) {
        ropes.computeIfAbsent(rope(intake), ignored -> make.apply(intake.partition()))
                .bell()
                .add(intake);
    }

    /** Watches for it no more. */
    public void remove(Intake intake) {
        var rope = ropes.get(rope(intake));
        if (rope == null) {
            return;
        }
        rope.bell().remove(intake);
        if (eachItsOwn && rope.bell().isEmpty()) {
            ropes.remove(rope(intake));
            rope.bell().stop();
            rope.close().run();
        }
    }

    /** An intake has room again: the wait under way does not know it. */
    public void changed() {
        for (var rope : ropes.values()) {
            if (!eachItsOwn || rope.bell().isBehind()) {
                rope.bell().changed();
            }
        }
    }

    /** Rings no more. */
    public void stop() {
        new ArrayList<>(ropes.values()).forEach(rope -> {
            rope.bell().stop();
            rope.close().run();
        });
        ropes.clear();
    }

    private int rope(Intake intake) {
        return eachItsOwn ? intake.partition() : 0;
    }
}
