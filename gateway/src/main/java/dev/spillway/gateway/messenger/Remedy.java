// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a send that failed, by the platform's error table: code and subcode first, HTTP status second.
 *
 * <p>The platform's numbers above 1,000,000 mean one thing only, and appear as code or as subcode; the small subcodes
 * mean something only together with their code, and none but 1/99 and 613/1996 changes what is to be done. A code that is
 * not in the table gets the answer that can do least harm: nothing is retried that may have been sent, and no page is
 * paused. {@code docs/dispatch.md} has the table with its reasons; a test holds the two together.
 */
public enum Remedy {
    /** Try again soon with jitter, a few times, then give up. */
    RETRY,
    /** Try again once, then give up; for 1/99 the cause is then a missing permission. */
    RETRY_ONCE,
    /** Too fast for this person or this kind of message: try again later, later each time; other people's go on. */
    BACK_OFF,
    /** Too fast for the page at this moment: it rests for the time the platform tells, else for a moment, and goes on slower. */
    SLOW_PAGE,
    /** An allowance of the page is used up: it rests for the time the platform tells, else for a minute. */
    PAUSE_PAGE,
    /** The platform has blocked the page: it rests, and is tried rarely; someone must look. */
    PAGE_BLOCKED,
    /** All pages of the app must rest; someone must look. */
    PAUSE_APP,
    /** This message will never be accepted. */
    DROP,
    /** This person cannot be reached: drop it and remember. */
    USER_UNREACHABLE,
    /** The person has not written lately enough: drop it and remember. */
    WINDOW_CLOSED,
    /** Token or permission: nothing of this page will pass until someone mends it. */
    TOKEN,
    /** It may have been sent: find out before sending again. */
    IN_DOUBT;

    private static final Map<Integer, Remedy> BY_NUMBER = table(List.of(
            row(RETRY, -1, 1, 2, 1200, 131000, 131016, 131057, 133004),
            row(RETRY_ONCE, 2018008, 2018074, 2018294, 131053),
            row(BACK_OFF, 2018022, 2018321, 2018352, 131056, 133016),
            row(SLOW_PAGE, 613, 2534040, 130429),
            row(PAUSE_PAGE, 17, 32, 341),
            row(PAUSE_PAGE, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80007, 80008, 80009, 80014),
            row(PAGE_BLOCKED, 368, 1893063, 2018338, 2534029, 131048, 131031, 131042),
            row(PAUSE_APP, 4, 5),
            row(DROP, 3, 9, 100, 506, 2022, 10303, 24001, 24002, 24005),
            row(DROP, 2018014, 2018021, 2018034, 2018047, 2018109, 2018144, 2018154, 2018163, 2018164, 2018166),
            row(DROP, 2018218, 2018247, 2018300, 2018320, 2018328, 2018336, 2018344, 2018354, 1404170, 1893016),
            row(DROP, 2534015, 2534025, 2534037, 9000001),
            row(DROP, 130472, 131008, 131009, 131049, 131051, 131052, 131062),
            row(USER_UNREACHABLE, 551, 1545041, 1893015, 2018001, 2018108, 2534014, 131026, 131050),
            row(WINDOW_CLOSED, 2018065, 2018278, 2534022, 131047),
            row(TOKEN, 0, 10, 102, 190, 36103, 131005, 133010),
            row(TOKEN, 2018027, 2018028, 2018171, 2018234, 2534013, 2534041, 2534077),
            row(IN_DOUBT, 1357046)));

    /**
     * Says what to do about a call that was answered. A call that was not is {@link #RETRY} if nothing was written, else
     * {@link #IN_DOUBT}.
     *
     * @param error null if the body held none
     */
    public static Remedy of(int httpStatus, @Nullable GraphError error) {
        if (error == null) {
            return ofStatus(httpStatus, IN_DOUBT);
        }
        var known = ofError(error);
        if (known == null) {
            return error.isTransient() ? RETRY : ofStatus(httpStatus, RETRY);
        }
        return httpStatus == 429 && (known == RETRY || known == RETRY_ONCE) ? SLOW_PAGE : known;
    }

    /** Whether the platform asked for fewer calls: a matter for limits, not for a circuit breaker. */
    public boolean isThrottle() {
        return switch (this) {
            case BACK_OFF, SLOW_PAGE, PAUSE_PAGE, PAGE_BLOCKED, PAUSE_APP -> true;
            case RETRY, RETRY_ONCE, DROP, USER_UNREACHABLE, WINDOW_CLOSED, TOKEN, IN_DOUBT -> false;
        };
    }

    /** Whether it stays so until someone does something about it. */
    public boolean needsSomeone() {
        return this == PAGE_BLOCKED || this == PAUSE_APP || this == TOKEN;
    }

    /** The numbers that have a row of their own. */
    static Set<Integer> numbers() {
        return BY_NUMBER.keySet();
    }

    private static @Nullable Remedy ofError(GraphError error) {
        if (error.code() == 1 && error.subcode() == 99) {
            return RETRY_ONCE;
        }
        if (error.code() == 613 && error.subcode() == 1996) {
            return PAUSE_PAGE; // erratic volume: a moment's rest would only add to it
        }
        var bySubcode = error.subcode() > 1_000_000 ? ofNumber(error.subcode()) : null;
        return bySubcode != null ? bySubcode : ofNumber(error.code());
    }

    private static @Nullable Remedy ofNumber(int number) {
        if (number >= 200 && number <= 299) {
            return TOKEN; // a permission is missing
        }
        if ((number >= 132000 && number <= 132999)
                || (number >= 2018389 && number <= 2018396)
                || (number >= 2071010 && number <= 2071025)) {
            return DROP; // templates of WhatsApp; calls; webviews
        }
        return BY_NUMBER.get(number);
    }

    /** A 5xx without JSON came from a proxy, or from a server that died at work: the message may have passed. */
    private static Remedy ofStatus(int httpStatus, Remedy ofServerError) {
        return switch (httpStatus) {
            case 401, 403 -> TOKEN;
            case 429 -> SLOW_PAGE;
            default -> {
                if (httpStatus >= 500) {
                    yield ofServerError;
                }
                yield httpStatus >= 300 ? DROP : IN_DOUBT;
            }
        };
    }

    private static Entry<Remedy, int[]> row(Remedy remedy, int... numbers) {
        return entry(remedy, numbers);
    }

    private static Map<Integer, Remedy> table(List<Entry<Remedy, int[]>> rows) {
        var table = new HashMap<Integer, Remedy>();
        for (var row : rows) {
            for (var number : row.getValue()) {
                if (table.put(number, row.getKey()) != null) {
                    throw new IllegalStateException(number + " stands twice in the table");
                }
            }
        }
        return Map.copyOf(table);
    }
}
