// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.async.Conversations;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.stream.Finished;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives the events of a partition to the bot: one of a conversation at a time, or a few messages at once where they are
 * coalesced, and many conversations side by side. Owned by one context; bounded by the partition's window.
 */
final class EventRuns {
    private static final int RECENT_KEYS_MAX = 4096;

    /** What the partition's worker does for it. */
    interface Host {
        /** Those that were finished before; does not fail but with the partition. */
        Future<Set<Work>> finished(List<Work> works);

        /** They are finished, in one step. */
        void commit(List<Work> works, List<Finished> finished);

        /** Fewer are running. */
        void checkIdle();
    }

    private final WorkerParts parts;
    private final Timers timers;
    private final CommitQueue commits;
    private final Asides asides;
    private final Suspicion suspicion;
    private final Host host;
    private final Outcomes outcomes;
    private final Coalescer coalescer;
    private final Conversations<Work> conversations =
            new Conversations<>(work -> work.event().conversation());
    private final Set<EventKey> inHand = new HashSet<>();
    private final RecentKeys recent = new RecentKeys(RECENT_KEYS_MAX);
    private int running;
    private boolean stopped;
    private boolean ended;

    EventRuns(
            WorkerParts parts,
            int partition,
            Timers timers,
            CommitQueue commits,
            Asides asides,
            Suspicion suspicion,
            Host host) {
        this.parts = parts;
        this.timers = timers;
        this.commits = commits;
        this.asides = asides;
        this.suspicion = suspicion;
        this.host = host;
        this.outcomes = new Outcomes(parts, partition);
        this.coalescer = new Coalescer(parts.settings().coalesce(), parts.clock(), parts.nanoClock());
    }

    /** Puts it into its conversation, and runs it if it is the first. */
    void queue(Work work) {
        if (ended) {
            return;
        }
        var key = work.event().key();
        if (recent.contains(key) || !inHand.add(key)) {
            duplicate(work);
            return;
        }
        if (GuardLife.mayBeOver(work.event(), parts.clock().instant())) {
            parts.metrics().beyondGuard();
        }
        work.queued(parts.nanoClock().getAsLong());
        asides.queued(work);
        if (conversations.add(work)) {
            begin(work);
        }
    }

    /** It was finished before. */
    void duplicate(Work work) {
        parts.metrics().duplicate();
        commits.close(work.entry());
        suspicion.over(work);
    }

    /** Takes all of a page out of its queues that is not with the bot. */
    List<Work> removePage(String page) {
        var works = conversations.removeAll(work -> work.event().page().equals(page));
        works.forEach(work -> inHand.remove(work.event().key()));
        return works;
    }

    /** These are committed. */
    void committed(List<Work> works) {
        for (var work : works) {
            recent.add(work.event().key());
            inHand.remove(work.event().key());
        }
    }

    /** Whether nothing is with the bot. */
    boolean isIdle() {
        return running == 0;
    }

    /** Gives nothing more to the bot. */
    void stop() {
        stopped = true;
    }

    /** Forgets all. */
    void end() {
        ended = true;
        parts.metrics().dropped(inHand.size());
        conversations.clear();
        inHand.clear();
    }

    // The first of its conversation: alone, or with the messages right behind it.
    private void begin(Work first) {
        if (ended || stopped || asides.isLeaving(first)) {
            return;
        }
        first.begun();
        if (!coalescer.isOn() || suspicion.isOpen()) {
            run(List.of(first));
            return;
        }
        var conversation = conversations.of(first);
        var works = coalescer.group(conversation);
        // What cannot join waits behind: more will not come.
        var wait = works.size() == conversation.size() ? coalescer.wait(works) : Duration.ZERO;
        if (wait.isPositive()) {
            beginLater(first, wait);
        } else if (works.size() == 1) {
            run(works);
        } else {
            runTogether(works);
        }
    }

    // The replies are the last event's. Were that a copy of one that is finished, the others' answer would be lost.
    private void runTogether(List<Work> works) {
        running++;
        works.forEach(asides::busy);
        host.finished(works).onSuccess(finished -> {
            running--;
            if (ended) {
                return;
            }
            var runs = stopped ? 0 : finished.isEmpty() ? works.size() : 1;
            if (runs > 0) {
                runBusy(works.subList(0, runs));
            }
            works.subList(runs, works.size()).forEach(asides::waits);
            host.checkIdle();
        });
    }

    private void run(List<Work> works) {
        works.forEach(asides::busy);
        runBusy(works);
    }

    private void runBusy(List<Work> works) {
        var started = parts.nanoClock().getAsLong();
        works.forEach(work -> work.trying(started));
        running++;
        parts.metrics().coalesced(works.size() - 1);
        var last = works.getLast();
        parts.runner().run(parts.bot(), delivery(works), last.entry().isAside()).onComplete(verdict -> {
            running--;
            parts.metrics().ran(parts.nanoClock().getAsLong() - started, verdict.succeeded() ? verdict.result() : null);
            if (!ended) {
                ran(
                        works,
                        verdict.succeeded()
                                ? outcomes.of(works, verdict.result())
                                : outcomes.ofFailure(works, verdict.cause()));
                works.forEach(suspicion::over);
                host.checkIdle();
            }
        });
    }

    private static Delivery delivery(List<Work> works) {
        var events = works.stream().map(Work::event).toList();
        var last = events.getLast();
        var replyBy = Instant.ofEpochMilli(last.occurredAtMillis()).plus(BotSettings.REPLY_WINDOW);
        return new Delivery(
                last, events.subList(0, events.size() - 1), works.getFirst().attempts(), replyBy);
    }

    private void ran(List<Work> works, Outcomes.Outcome outcome) {
        switch (outcome) {
            case Outcomes.Outcome.Ends(var finished) -> finish(works, finished);
            case Outcomes.Outcome.Again(var after) -> {
                parts.metrics().retried();
                works.forEach(asides::waits);
                beginLater(works.getFirst(), after);
            }
        }
    }

    private void beginLater(Work first, Duration after) {
        var begun = first.timesBegun();
        timers.after(after).onSuccess(ignored -> {
            // It may have been moved away meanwhile, and may even be back and under way.
            if (!ended && first.timesBegun() == begun && conversations.isFirst(first)) {
                begin(first);
            }
        });
    }

    private void finish(List<Work> works, List<Finished> finished) {
        host.commit(works, finished);
        Work next = null;
        for (var work : works) {
            next = conversations.next(work);
        }
        if (next != null) {
            begin(next);
        }
    }
}
