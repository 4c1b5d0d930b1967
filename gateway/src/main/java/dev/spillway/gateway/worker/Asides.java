// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.SetAside;
import dev.spillway.gateway.stream.StreamGroup;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets a page aside that fills the window while other pages wait behind it, and takes it back when it has caught up.
 *
 * <p>A page leaves when none of its events is with the bot or in a commit: then all that waits moves into a stream of the
 * page's own, and what is read of it later follows. A boundary, kept with that stream, tells a later holder what is there.
 * One such move is under way at a time, and none while entries are being read. Threads: owned by one context; bounded by
 * the number of pages that may be aside at once.
 */
final class Asides {
    private static final Logger log = LoggerFactory.getLogger(Asides.class);
    private static final int PAGES_MAX = 4;
    /** Each page aside gets this part of a window. */
    private static final int WINDOW_PART = 4;

    private static final Duration FULL_FOR = Duration.ofMillis(250);
    private static final Duration EMPTY_FOR = Duration.ofSeconds(10);
    private static final Duration NO_ROOM = Duration.ofMillis(500);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(10);
    private static final int TRIM_EVERY = 50;

    /** What the partition's worker does for it. */
    interface Host {
        /** Puts it into its conversation, and runs it if it is the first. */
        void queue(Work work);

        /** Its part of its entry needs nothing more. */
        void close(Work work);

        /** Takes all of a page out of its queues that is not with the bot. */
        List<Work> removePage(String page);

        /** Whether a page may be moved now: no entries are being read and nothing is suspect. */
        boolean isQuiet();

        /** The last entry of the stream of all that was read. */
        String lastRead();

        /** Reads entries of a page set aside. */
        Future<Void> read(List<Entry> entries, String page);

        /** Repeats a move until it is answered, or the partition is ours no more. */
        <T> Future<T> sure(Supplier<Future<T>> move);

        /** Gives the partition up: something failed that a repeat cannot cure. */
        void failed(Throwable failure);
    }

    private enum State {
        LEAVING,
        ASIDE
    }

    private final class Page {
        private final String name;
        private State state;
        private String boundary;
        private final Intake intake;
        private int inHand;
        private int untrimmed;
        private long lastNanos;
        private boolean watched;

        Page(String name, State state, String boundary) {
            this.name = name;
            this.state = state;
            this.boundary = boundary;
            this.lastNanos = parts.nanoClock().getAsLong();
            var window = parts.window();
            this.intake = new Intake(
                    parts.vertx(),
                    parts.consumer().context(),
                    parts.consumer().store(),
                    StreamGroup.aside(parts.subscription(), name),
                    tenure,
                    new Intake.Window(
                            Math.max(1, window.events() / WINDOW_PART), Math.max(1, window.bytes() / WINDOW_PART)),
                    entries -> host.read(entries, name),
                    tenure::fenced,
                    () -> {});
        }
    }

    private final WorkerParts parts;
    private final Timers timers;
    private final Tenure tenure;
    private final Intake all;
    private final Host host;
    private final PageShares shares;
    private final Map<String, Page> pages = new HashMap<>();

    private Future<Void> moved = Future.succeededFuture();
    private boolean checking;
    private boolean held;
    private boolean ended;
    private long notBeforeNanos;

    /** {@code all} reads the stream of all pages. */
    Asides(WorkerParts parts, Timers timers, Tenure tenure, Intake all, Host host) {
        this.parts = parts;
        this.timers = timers;
        this.tenure = tenure;
        this.all = all;
        this.host = host;
        this.shares = new PageShares(parts.nanoClock());
        this.notBeforeNanos = parts.nanoClock().getAsLong();
    }

    /** Reads what an earlier holder set aside. Completes when as much of it is in hand as there is room for. */
    Future<Void> start() {
        return host.sure(() -> parts.consumer().store().aside(tenure.partition(), parts.subscription()))
                .compose(found -> {
                    if (ended) {
                        return Future.succeededFuture();
                    }
                    found.forEach((name, boundary) -> pages.put(name, new Page(name, State.ASIDE, boundary)));
                    parts.metrics().pagesAside(found.size());
                    return Future.join(List.copyOf(pages.values()).stream()
                                    .map(page -> page.intake.ring().onComplete(ignored -> watch(page)))
                                    .toList())
                            .mapEmpty();
                });
    }

    /** Whether a page's events of an entry of the stream of all are in its own stream, or finished. */
    boolean has(String page, String entryId) {
        var there = pages.get(page);
        return there != null && there.state == State.ASIDE && SetAside.covers(there.boundary, entryId);
    }

    /** Whether an event of the stream of all must not be run: its page is about to leave. */
    boolean isLeaving(Work work) {
        var page = pages.get(work.event().page());
        return page != null && page.state == State.LEAVING;
    }

    /** Completes when no page is being moved. */
    Future<Void> settled() {
        return moved;
    }

    /** Takes those whose pages are set aside out of what was read of the stream of all. */
    Map<String, List<Work>> split(List<Work> works) {
        var aside = new LinkedHashMap<String, List<Work>>();
        works.removeIf(work -> {
            var page = pages.get(work.event().page());
            if (page == null || page.state == State.LEAVING) {
                return false;
            }
            aside.computeIfAbsent(page.name, ignored -> new ArrayList<>()).add(work);
            return true;
        });
        return aside;
    }

    /** Moves what was read of pages set aside; waits while there is no room for it. */
    Future<Void> follow(Map<String, List<Work>> works, String lastRead) {
        var all = works.entrySet().stream()
                .map(of -> follow(of.getKey(), of.getValue(), lastRead))
                .toList();
        return Future.join(all).mapEmpty();
    }

    private Future<Void> follow(String name, List<Work> works, String lastRead) {
        return move(name, works, lastRead).compose(done -> {
            var page = pages.get(name);
            if (ended || page == null) {
                return Future.succeededFuture();
            }
            if (!done) {
                return timers.after(NO_ROOM).compose(ignored -> follow(name, works, lastRead));
            }
            told(page, works, lastRead);
            return Future.succeededFuture();
        });
    }

    private Future<Boolean> move(String page, List<Work> works, String boundary) {
        CrashPoint.at("aside.before");
        var max = parts.settings().asideBytesMax();
        var events = new SetAside(page, boundary, Lines.of(works), PAGES_MAX, max);
        return host.sure(() -> ended
                ? Future.succeededFuture(false)
                : parts.consumer().store().setAside(tenure.partition(), parts.subscription(), tenure.fence(), events));
    }

    private void told(Page page, List<Work> works, String boundary) {
        CrashPoint.at("aside.after");
        page.boundary = boundary;
        page.lastNanos = parts.nanoClock().getAsLong();
        parts.metrics().aside(works.size());
        works.forEach(host::close);
        page.intake.ring().onComplete(ignored -> watch(page));
    }

    // What is in hand, and who leaves.

    /** An event is in hand. */
    void queued(Work work) {
        var page = pageOf(work);
        if (page == null) {
            shares.queued(work.event().page());
        } else {
            page.inHand++;
        }
    }

    /** It is with the bot, or its end is being committed. */
    void busy(Work work) {
        if (!work.entry().isAside()) {
            shares.busy(work.event().page());
        }
    }

    /** It waits again. */
    void waits(Work work) {
        if (!work.entry().isAside()) {
            shares.waits(work.event().page());
            proceed();
        }
    }

    /** It is committed. */
    void committed(Work work) {
        var page = pageOf(work);
        if (page == null) {
            shares.committed(work.event().page());
            proceed();
        } else {
            page.inHand--;
            page.lastNanos = parts.nanoClock().getAsLong();
            watch(page);
        }
    }

    /** An entry of a page set aside is acknowledged. */
    void acknowledged(OpenEntry entry) {
        var page = pages.get(entry.asidePage());
        if (page != null) {
            page.intake.finished(entry.events(), entry.bytes());
            page.untrimmed++;
            if (page.untrimmed >= TRIM_EVERY) {
                page.untrimmed = 0;
                var unused = parts.consumer().store().trimAside(tenure.partition(), parts.subscription(), page.name);
            }
        }
    }

    private @Nullable Page pageOf(Work work) {
        return work.entry().isAside() ? pages.get(work.entry().asidePage()) : null;
    }

    /** The window of the stream of all is full: if it stays so, the page that fills it leaves. */
    void full() {
        if (checking || pages.size() >= PAGES_MAX || held || !shares.severalPages()) {
            return;
        }
        checking = true;
        timers.after(FULL_FOR).onSuccess(ignored -> {
            checking = false;
            if (!ended
                    && all.isFull()
                    && !held
                    && host.isQuiet()
                    && parts.nanoClock().getAsLong() - notBeforeNanos >= 0) {
                var hot = shares.overHalf();
                if (hot != null && !pages.containsKey(hot)) {
                    pages.put(hot, new Page(hot, State.LEAVING, ""));
                    proceed();
                }
            }
        });
    }

    /** Moves a page that leaves, if nothing of it is under way any more. */
    void proceed() {
        if (ended || !moved.isComplete() || !host.isQuiet()) {
            return;
        }
        for (var page : pages.values()) {
            if (page.state == State.LEAVING && shares.isIdle(page.name)) {
                moved = leave(page);
                return;
            }
        }
    }

    private Future<Void> leave(Page page) {
        var works = host.removePage(page.name);
        var boundary = host.lastRead();
        shares.gone(page.name, works.size());
        return move(page.name, works, boundary)
                .map(done -> {
                    if (ended) {
                        return null;
                    }
                    if (done) {
                        page.state = State.ASIDE;
                        parts.metrics().pagesAside(1);
                        page.intake.hold(held);
                        told(page, works, boundary);
                    } else {
                        notBeforeNanos = parts.nanoClock().getAsLong() + REFUSED_FOR.toNanos();
                        pages.remove(page.name);
                        works.forEach(host::queue);
                    }
                    said(
                            page,
                            done
                                    ? "A page fills the window: it is set aside"
                                    : "A page fills the window and cannot be set aside: there is no room");
                    return (Void) null;
                })
                .onFailure(host::failed)
                .otherwiseEmpty();
    }

    // It is watched until nothing was there for a while.
    private void watch(Page page) {
        if (page.watched || page.inHand > 0 || ended) {
            return;
        }
        page.watched = true;
        timers.after(EMPTY_FOR).onSuccess(ignored -> {
            page.watched = false;
            if (ended || pages.get(page.name) != page || page.inHand > 0) {
                return;
            }
            var idle = parts.nanoClock().getAsLong() - page.lastNanos;
            if (idle < EMPTY_FOR.toNanos() || !host.isQuiet() || !moved.isComplete() || tenure.isYielding()) {
                watch(page);
            } else {
                moved = rejoin(page);
            }
        });
    }

    private Future<Void> rejoin(Page page) {
        return host.sure(() -> parts.consumer()
                        .store()
                        .rejoin(tenure.partition(), parts.subscription(), tenure.fence(), page.name))
                .map(done -> {
                    if (done) {
                        page.intake.stop();
                        pages.remove(page.name);
                        parts.metrics().pagesAside(-1);
                        said(page, "A page that was set aside has caught up");
                    } else {
                        page.intake.ring().onComplete(ignored -> watch(page));
                    }
                    return (Void) null;
                })
                .onFailure(host::failed)
                .otherwiseEmpty();
    }

    private void said(Page page, String what) {
        log.atWarn()
                .addKeyValue("subscription", parts.subscription().id())
                .addKeyValue("partition", tenure.partition())
                .addKeyValue("page", page.name)
                .log(what);
    }

    /** Takes nothing while held. */
    void hold(boolean hold) {
        held = hold;
        pages.values().forEach(page -> page.intake.hold(hold));
    }

    /** Takes nothing more. */
    void stop() {
        pages.values().forEach(page -> page.intake.stop());
    }

    /** The partition is ours no more. */
    void end() {
        ended = true;
        stop();
        parts.metrics().pagesAside(-(int) pages.values().stream()
                .filter(page -> page.state == State.ASIDE)
                .count());
        pages.clear();
    }
}
