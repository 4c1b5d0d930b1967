// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Delivery;
import dev.spillway.gateway.worker.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Greets, asks for class and subject, takes an exercise, and works out calculations step by step; a tutor reads the
 * rest. Speaks English, and French from the first "bonjour" or at any "français".
 *
 * <p>The same event gives the same replies when it comes again. What Peter knows travels in the payloads of his quick
 * replies; for free text he remembers the last 10,000 conversations in this process, so after a restart he asks again.
 * Safe for use by many threads.
 */
public final class Peter implements Bot {
    private static final int CONVERSATIONS_MAX = 10_000;
    private static final int GREETING_WORDS_MAX = 3;
    private static final int QUOTE_MAX = 300;
    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    private final Memory memory = new Memory(CONVERSATIONS_MAX);

    /** A state to remember, and what to say. */
    private record Turn(State state, List<Reply> replies) {
        Turn(State state, Reply... replies) {
            this(state, List.of(replies));
        }
    }

    @Override
    public Verdict handle(Delivery delivery) {
        var conversation = delivery.event().conversation();
        var known = memory.recall(conversation);
        var turn = turn(known, Said.of(delivery.event()));
        if (!turn.state().equals(known)) {
            memory.keep(conversation, turn.state());
        }
        return new Verdict.Accept(turn.replies());
    }

    // Pure, and the same again with the state that it gave: turn(turn(s, x).state, x) equals turn(s, x).
    private static Turn turn(State state, Said said) {
        return switch (said) {
            case Said.Words(var text) -> words(state, text);
            case Said.Tap(var payload, var ref) -> tap(state, Choice.ofPayload(payload), ref);
            case Said.Link(var ref) -> greet(state, ref);
            case Said.Wordless wordless -> new Turn(state, Answers.sentence(state, "picture"));
            case Said.Nothing nothing -> new Turn(state);
        };
    }

    private static Turn tap(State state, @Nullable Choice choice, String ref) {
        if (choice == null) {
            return greet(new State(state.language(), 0, ""), ref);
        }
        var chosen = choice.state();
        return choice.switched() ? switched(chosen) : new Turn(chosen, Answers.question(chosen));
    }

    private static Turn greet(State state, String ref) {
        return new Turn(state, Answers.greeting(state, Invitation.name(ref)), Answers.question(state));
    }

    private static Turn switched(State state) {
        return new Turn(state, Answers.sentence(state, "language"), Answers.question(state));
    }

    private static Turn words(State before, String text) {
        var words = WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .limit(GREETING_WORDS_MAX + 1L)
                .toList();
        var first = words.isEmpty() ? "" : words.getFirst().group();
        var language = Language.ofWord(first);
        if (language == null) {
            var typed = Answers.typed(before, text);
            return typed == null ? exercise(before, text) : new Turn(typed, Answers.question(typed));
        }
        var state = before.in(language);
        if (words.size() > GREETING_WORDS_MAX) {
            return exercise(state, text);
        }
        return language.isNamed(first) ? switched(state) : greet(state, "");
    }

    private static Turn exercise(State state, String text) {
        return switch (Arithmetic.workOut(text, state.language().decimalPoint())) {
            case Arithmetic.Worked(var steps) ->
                new Turn(
                        state,
                        Answers.sentence(state, "worked", String.join("\n= ", steps)),
                        Answers.next(state, "worked.next"));
            case Arithmetic.ByZero zero -> new Turn(state, Answers.next(state, "zero"));
            case Arithmetic.Other other -> tutor(state, text);
        };
    }

    private static Turn tutor(State state, String text) {
        return state.isComplete()
                ? new Turn(
                        state,
                        Answers.sentence(state, "tutor", "“" + quote(text) + "”"),
                        Answers.next(state, "tutor.next"))
                : new Turn(state, Answers.sentence(state, "ask.first"), Answers.question(state));
    }

    private static String quote(String text) {
        return text.codePointCount(0, text.length()) <= QUOTE_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, QUOTE_MAX)) + "…";
    }
}
