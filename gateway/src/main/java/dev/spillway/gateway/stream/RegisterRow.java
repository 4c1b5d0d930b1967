// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.gateway.config.Settings;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A subscription as the register has it, for all processes to see. Pure: each change is a new row.
 *
 * @param paused its bot is given nothing; everything else goes on
 * @param onFull what whoever trims may do when it is left behind
 * @param from where this generation started: {@value #KEPT}, {@value #NEW}, or a time
 * @param replay what becomes of replies to events that an older generation had finished
 * @param older the generation it took the place of, while something of that is left; else 0
 */
public record RegisterRow(
        Subscription subscription,
        State state,
        boolean paused,
        Settings.OnFull onFull,
        String from,
        Replay replay,
        int older) {
    static final String KEPT = "0";
    static final String NEW = "$";

    /** How far along its life it is. */
    public enum State {
        /** Some of its groups are not made yet. */
        CREATING,
        READY,
        /** Some of its groups are gone. */
        REMOVING
    }

    /** What becomes of replies to events that are read again. */
    public enum Replay {
        /** Nothing is read again. */
        NONE,
        /** They are not sent. */
        HOLD,
        /** They are sent, once more. */
        SEND
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** More than what is appended late is late, but for what is repaired after a failover. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** A subscription that is not made yet. */
    static RegisterRow anew(String name, int generation, Settings.Start start, Settings.OnFull onFull) {
        var from =
                switch (start) {
                    case BEGINNING -> KEPT;
                    case NOW -> NEW;
                };
        return new RegisterRow(new Subscription(name, generation), State.CREATING, false, onFull, from, Replay.NONE, 0);
    }

    /** The same, to be read again from there on. */
    RegisterRow reset(String newFrom, boolean send) {
        return new RegisterRow(
                new Subscription(subscription.name(), subscription.generation() + 1),
                State.CREATING,
                paused,
                onFull,
                newFrom,
                send ? Replay.SEND : Replay.HOLD,
                subscription.generation());
    }

    RegisterRow with(State newState) {
        return new RegisterRow(subscription, newState, paused, onFull, from, replay, older);
    }

    RegisterRow paused(boolean newPaused) {
        return new RegisterRow(subscription, state, newPaused, onFull, from, replay, older);
    }

    RegisterRow onFull(Settings.OnFull newOnFull) {
        return new RegisterRow(subscription, state, paused, newOnFull, from, replay, older);
    }

    RegisterRow withoutOlder() {
        return new RegisterRow(subscription, state, paused, onFull, from, replay, 0);
    }

    /** Whether a change of it was begun and not ended. */
    boolean isUnfinished() {
        return state != State.READY || older != 0;
    }

    /** Whether it came to be, or comes, by this very reset. */
    boolean isResetTo(String asked, boolean send) {
        return from.equals(asked) && replay == (send ? Replay.SEND : Replay.HOLD);
    }

    /** In one word: creating, ready, paused or removing. */
    public String word() {
        return state == State.READY && paused ? "paused" : lower(state);
    }

    /** Where this generation started, for people. */
    public String startsAt() {
        return switch (from) {
            case KEPT -> "beginning";
            case NEW -> "now";
            default -> from;
        };
    }

    /** Where the groups start: with a margin before a time, so that nothing received since then is missed. */
    String position() {
        return switch (from) {
            case KEPT, NEW -> from;
            default -> time(Instant.parse(from).minus(MARGIN));
        };
    }

    /** The form of a time in records. */
    static String time(Instant at) {
        return TIME.format(at);
    }

    String json() {
        return JSON.createObjectNode()
                .put("generation", subscription.generation())
                .put("state", lower(state))
                .put("paused", paused)
                .put("onFull", lower(onFull))
                .put("from", from)
                .put("replay", lower(replay))
                .put("older", older)
                .toString();
    }

    /** Reads a row; what it does not say is as ever. */
    static RegisterRow parse(String name, byte[] json) {
        try {
            var tree = JSON.readTree(new String(json, StandardCharsets.UTF_8));
            return new RegisterRow(
                    new Subscription(name, tree.path("generation").asInt()),
                    State.valueOf(upper(tree.path("state").asText())),
                    tree.path("paused").asBoolean(),
                    Settings.OnFull.valueOf(upper(tree.path("onFull").asText("refuse"))),
                    checked(tree.path("from").asText(KEPT)),
                    Replay.valueOf(upper(tree.path("replay").asText("none"))),
                    tree.path("older").asInt());
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException broken) {
            throw new IllegalStateException("the row " + name + " of " + Keys.SUBSCRIPTIONS + " is not one", broken);
        }
    }

    private static String checked(String from) {
        return from.equals(KEPT) || from.equals(NEW) ? from : time(Instant.parse(from));
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }
}
