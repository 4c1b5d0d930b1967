// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the event that ends the process whenever it is run.
 *
 * <p>If two holders of a partition died in a row, what they had taken and not finished is suspect. It is run in groups,
 * one group in the whole process at a time, and each is noted in the lease before: first 64 at once; the events of a
 * group that was running when its holder died then in groups of 8, and of such a group each alone. An event that took
 * three holders along alone becomes a dead letter. Those that were only near are never blamed.
 *
 * <p>A group is over when each of its events was given to the bot once and the process still lives. Threads: owned by
 * one context; its length is bounded by the partition's window.
 */
final class Suspicion {
    private static final Logger log = LoggerFactory.getLogger(Suspicion.class);
    private static final int TAKEOVERS_LEAST = 2;
    private static final int CRASHES_MAX = 3;
    private static final int WIDE = 64;
    private static final int NARROW = 8;

    /** What is done with the events, and said in the lease. */
    interface Runs {
        /** Notes what is to be run; fails when nobody will run it here any more. */
        Future<Void> note(List<EventKey> running);

        /** Gives it to the bot, behind what its conversation has in hand. */
        void run(Work work);

        /** Makes it a dead letter. */
        void condemn(Work work, int crashes);
    }

    private final Tenure tenure;
    private final SuspectTurn turn;
    private final Runs runs;
    private final Set<EventKey> inherited;

    private final Deque<Work> waiting = new ArrayDeque<>();
    private final List<Work> behind = new ArrayList<>();
    private final Set<Work> group = new LinkedHashSet<>();
    private boolean open;
    private boolean allRead;
    private boolean busy;
    private boolean ours;
    private boolean noted;
    private boolean ended;

    Suspicion(Tenure tenure, SuspectTurn turn, Runs runs) {
        this.tenure = tenure;
        this.turn = turn;
        this.runs = runs;
        this.inherited = new HashSet<>(tenure.suspects().running());
        this.noted = !inherited.isEmpty();
        this.open = tenure.takeovers() >= TAKEOVERS_LEAST || noted;
    }

    /** Whether this event must wait here: it is suspect, or behind one that is. */
    boolean holds(Work work) {
        return open && (work.entry().redelivered() || !waiting.isEmpty() || busy || !behind.isEmpty());
    }

    /** Takes it over; in the order of the stream. */
    void add(Work work) {
        if (!tenure.isSuspecting()) {
            tenure.suspecting(true);
            log.atWarn()
                    .addKeyValue("partition", tenure.partition())
                    .addKeyValue("takeovers", tenure.takeovers())
                    .addKeyValue("noted", inherited.size())
                    .log("Holders of this partition died in a row: what they left is run a few events at a time");
        }
        if (work.entry().redelivered()) {
            waiting.addLast(work);
        } else {
            behind.add(work);
        }
    }

    /** All that an earlier holder had was read: what comes from now on is new. */
    void allRead() {
        allRead = true;
        next();
    }

    /** Whether something may still be suspect. */
    boolean isOpen() {
        return open;
    }

    /** All that was read is added: goes on if nothing is under way. */
    void next() {
        if (!open || busy || ended) {
            return;
        }
        if (!waiting.isEmpty()) {
            busy = true;
            turn.take(this::begin);
        } else if (allRead) {
            close();
        }
    }

    /** The bot was given it and the process lives, or it need not be given to the bot. */
    void over(Work work) {
        if (group.remove(work) && group.isEmpty()) {
            goOn();
        }
    }

    /** The partition is ours no more. */
    void end() {
        ended = true;
        waiting.clear();
        behind.clear();
        group.clear();
        if (ours) {
            ours = false;
            turn.giveBack();
        }
    }

    private void begin() {
        ours = true;
        if (ended) {
            end();
            return;
        }
        var next = nextGroup();
        if (next.size() == 1 && tenure.suspects().crashes() >= CRASHES_MAX && isInherited(next.getFirst())) {
            runs.condemn(next.getFirst(), tenure.suspects().crashes());
            goOn();
            return;
        }
        group.addAll(next);
        noted = true;
        runs.note(next.stream().map(work -> work.event().key()).toList()).onSuccess(ignored -> {
            if (!ended) {
                // A second copy is over at once, and with the last of the group the next one begins.
                next.forEach(runs::run);
            }
        });
    }

    private List<Work> nextGroup() {
        var suspect = isInherited(waiting.getFirst());
        var most = !suspect ? WIDE : inherited.size() > NARROW ? NARROW : 1;
        var next = new ArrayList<Work>();
        while (next.size() < most && !waiting.isEmpty()) {
            if (isInherited(waiting.getFirst()) != suspect) {
                break;
            }
            next.add(waiting.removeFirst());
        }
        return next;
    }

    private boolean isInherited(Work work) {
        return inherited.contains(work.event().key());
    }

    private void goOn() {
        busy = false;
        ours = false;
        turn.giveBack();
        next();
    }

    // Nothing suspect is left. The lease says so; what waited behind goes the usual way.
    private void close() {
        open = false;
        tenure.suspecting(false);
        if (noted) {
            var unused = runs.note(List.of());
        }
        var released = List.copyOf(behind);
        behind.clear();
        released.forEach(runs::run);
    }
}
