// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.graph.Answer;
import dev.spillway.gateway.graph.Outcome;
import dev.spillway.gateway.graph.Usage;
import dev.spillway.gateway.messenger.Remedy;
import dev.spillway.gateway.stream.ReplyRecord;
import dev.spillway.ratelimit.AcquireRequest;
import dev.spillway.ratelimit.Limit;
import dev.spillway.ratelimit.Policy;
import dev.spillway.ratelimit.Priority;
import dev.spillway.ratelimit.RateLimitExceededException;
import dev.spillway.ratelimit.RateLimiter;
import dev.spillway.ratelimit.Scope;
import dev.spillway.ratelimit.SendOutcome;
import dev.spillway.ratelimit.ThrottleSignal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * No page is pushed past its limits, by any number of processes: a reply leaves under a permit of the shared limiter.
 *
 * <p>The connection is taken after the permit, so that a page that must wait holds up no other. A permit comes some
 * milliseconds ahead of its instant, for the wait for a connection and for the journal, and is good for some more. One that
 * grew too old all the same is exchanged for another, ahead of all replies that are not that far. Otherwise a slow moment
 * would void every permit, and the work of beginning and taking back would keep it slow.
 */
final class PageLimits implements Pace {
    /** Longer than any wait that is worth a place in the limiter's queue; then the reply asks anew. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    /** How long a reply that is journaled as leaving, or has a connection, may wait for another permit. */
    private static final Duration RENEWAL_MAX = Duration.ofMillis(250);

    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    /** Where the platform states no time; doubled by the limiter for each failure in a row, 15 minutes at most. */
    private static final Duration SLOWED = Duration.ofSeconds(1);

    private static final Duration USED_UP = Duration.ofMinutes(1);
    private static final Duration TOKEN_LOST = Duration.ofMinutes(2);
    private static final Duration BLOCKED = Duration.ofMinutes(15);

    private final Context context;
    private final RateLimiter limiter;
    private final Slots slots;
    private final Lead lead;

    PageLimits(Context context, RateLimiter limiter, Slots slots, Lead lead) {
        this.context = context;
        this.limiter = limiter;
        this.slots = slots;
        this.lead = lead;
    }

    /** What a page may do: the configured limits, the same in every process. */
    static Policy policy(Settings.Limits limits) {
        var text = limit("text", limits.text());
        var media = limit("media", limits.media());
        var total = limit("total", limits.total());
        return Policy.of(
                        1,
                        Map.of(
                                MessageClass.TEXT.id(), List.of(text, total),
                                MessageClass.MEDIA.id(), List.of(media, total)))
                .withPerConversation(limit("thread", limits.thread()));
    }

    private static Limit limit(String id, Settings.Limit configured) {
        return Limit.hard(id, configured.permits(), configured.window());
    }

    @Override
    public Future<Word> permit(ReplyRecord reply) {
        var request = AcquireRequest.of(
                        new Scope(reply.page()),
                        MessageClass.of(reply.message()).id(),
                        reply.conversation(),
                        WAIT_MAX)
                .withLead(lead.present());
        return Future.fromCompletionStage(limiter.acquire(request), context)
                .compose(permit -> slots.take().compose(slot -> timely(new Leave(request, permit, slot))))
                .map(leave -> (Word) new Word.Granted(leave))
                .otherwise(PageLimits::refused);
    }

    private static Word refused(Throwable refusal) {
        if (refusal instanceof RateLimitExceededException limited
                && limited.reason() != RateLimitExceededException.Reason.CLOSED) {
            return new Word.NotYet(between(limited.retryAfter()));
        }
        return new Word.Closed();
    }

    private static Duration between(Duration retryAfter) {
        if (retryAfter.compareTo(PAUSE_MIN) < 0) {
            return PAUSE_MIN;
        }
        return retryAfter.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : retryAfter;
    }

    // The wait for a connection may have outlasted the permit.
    private Future<Permit> timely(Leave leave) {
        return leave.isVoid() ? leave.renewed(lead.present()).map(leave) : Future.succeededFuture(leave);
    }

    private final class Leave implements Permit {
        private final AcquireRequest request;
        private final Slots.Slot slot;
        private dev.spillway.ratelimit.Permit permit;

        Leave(AcquireRequest request, dev.spillway.ratelimit.Permit permit, Slots.Slot slot) {
            this.request = request;
            this.permit = permit;
            this.slot = slot;
        }

        @Override
        public boolean spend() {
            return permit.isValid();
        }

        @Override
        public Duration dueIn() {
            return permit.dueIn();
        }

        @Override
        public boolean isVoid() {
            return permit.voidIn().isZero();
        }

        @Override
        public Future<Void> renewed() {
            return renewed(Duration.ZERO);
        }

        Future<Void> renewed(Duration lead) {
            permit.release();
            var again = AcquireRequest.of(
                            request.scope(), request.contentClass(), request.conversationId(), RENEWAL_MAX)
                    .withPriority(Priority.INTERACTIVE)
                    .withLead(lead);
            return Future.fromCompletionStage(limiter.acquire(again), context)
                    .onSuccess(renewed -> permit = renewed)
                    .<Void>mapEmpty()
                    .otherwiseEmpty();
        }

        @Override
        public boolean isProbe() {
            return false;
        }

        @Override
        public void used(Answer answer) {
            slot.release();
            var usage = answer.usage();
            var pause =
                    switch (answer.outcome()) {
                        case Outcome.Sent ignored -> {
                            permit.complete(new SendOutcome.Delivered());
                            yield usage.regain();
                        }
                        case Outcome.NotSent ignored -> {
                            permit.release();
                            yield Duration.ZERO;
                        }
                        case Outcome.InDoubt ignored -> {
                            permit.complete(new SendOutcome.Failed());
                            yield usage.regain();
                        }
                        case Outcome.Refused refused -> {
                            permit.complete(ofRemedy(refused.remedy(), usage.regain()));
                            yield longer(usage.regain(), stated(refused.remedy()));
                        }
                    };
            hear(request.scope(), usage, pause);
        }

        @Override
        public void release() {
            slot.release();
            permit.release();
        }

        /** Units in hand are void at once; a time that is stated follows as a signal. */
        private static SendOutcome ofRemedy(Remedy remedy, Duration regain) {
            return switch (remedy) {
                case SLOW_PAGE -> new SendOutcome.Throttled(regain.isZero() ? SLOWED : Duration.ZERO);
                case PAUSE_PAGE -> new SendOutcome.Throttled(regain.isZero() ? USED_UP : Duration.ZERO);
                case PAGE_BLOCKED, TOKEN -> new SendOutcome.Throttled(Duration.ZERO);
                case RETRY, RETRY_ONCE, IN_DOUBT -> new SendOutcome.Failed();
                case DROP, USER_UNREACHABLE, WINDOW_CLOSED, BACK_OFF, PAUSE_APP -> new SendOutcome.Rejected();
            };
        }

        /** How long to stay away from a page in such a state, whatever the platform says. */
        private static Duration stated(Remedy remedy) {
            return switch (remedy) {
                case PAGE_BLOCKED -> BLOCKED;
                case TOKEN -> TOKEN_LOST;
                case SLOW_PAGE,
                        PAUSE_PAGE,
                        PAUSE_APP,
                        BACK_OFF,
                        RETRY,
                        RETRY_ONCE,
                        IN_DOUBT,
                        DROP,
                        USER_UNREACHABLE,
                        WINDOW_CLOSED -> Duration.ZERO;
            };
        }
    }

    // The app's allowance is shared by its pages: each of them slows down by it.
    private void hear(Scope page, Usage usage, Duration pause) {
        var percent = Math.max(usage.pagePercent(), usage.appPercent());
        if (percent > 0) {
            limiter.onSignal(new ThrottleSignal.Usage(page, percent));
        }
        var time = percent >= 100 ? longer(pause, USED_UP) : pause;
        if (!time.isZero()) {
            limiter.onSignal(new ThrottleSignal.Pause(page, spread(time)));
        }
    }

    // Up to a twentieth longer: not all pages that were told the same time come back at the same instant.
    private static Duration spread(Duration time) {
        return time.plusMillis(
                (long) (time.toMillis() * ThreadLocalRandom.current().nextDouble(0.05)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
