// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import dev.spillway.gateway.messenger.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Peter's sentences in the language of a state, with the choices that go below them. Pure. */
final class Answers {
    private Answers() {}

    /** A greeting, by the friend's name if there is one. */
    static Reply greeting(State state, String friend) {
        return Reply.text(
                friend.isEmpty()
                        ? say(state, "greeting")
                        : say(state, "greeting.invited").replace("{name}", friend));
    }

    /** Whatever is still to be asked. */
    static Reply question(State state) {
        if (state.grade() == 0) {
            return new Reply.Text(say(state, "ask.grade"), grades(state));
        }
        return state.subject().isEmpty()
                ? new Reply.Text(fill(state, "ask.subject"), subjects(state))
                : next(state, "ask.exercise");
    }

    /** That sentence, and the ways to go on from there. */
    static Reply next(State state, String key) {
        var choices = new ArrayList<Reply.QuickReply>();
        if (state.isComplete()) {
            choices.add(choice(state, "other.subject", state.about("")));
            choices.add(choice(state, "other.grade", state.of(0)));
        }
        choices.add(otherLanguage(state));
        return new Reply.Text(fill(state, key), choices);
    }

    /** That sentence without choices. */
    static Reply sentence(State state, String key) {
        return Reply.text(fill(state, key));
    }

    /** That sentence, and these lines below it. */
    static Reply sentence(State state, String key, String below) {
        return Reply.text(fill(state, key) + "\n\n" + below);
    }

    /** The state after somebody typed the title of a class or subject instead of tapping it; null for other text. */
    static @Nullable State typed(State state, String text) {
        for (var grade = State.GRADE_MIN; grade <= State.GRADE_MAX; grade++) {
            if (text.equalsIgnoreCase(say(state, "grade." + grade))) {
                return state.of(grade);
            }
        }
        return State.SUBJECTS.stream()
                .filter(subject -> text.equalsIgnoreCase(say(state, "subject." + subject)))
                .findFirst()
                .map(state::about)
                .orElse(null);
    }

    private static List<Reply.QuickReply> grades(State state) {
        var choices = new ArrayList<Reply.QuickReply>();
        IntStream.rangeClosed(State.GRADE_MIN, State.GRADE_MAX)
                .forEach(grade -> choices.add(choice(state, "grade." + grade, state.of(grade))));
        choices.add(otherLanguage(state));
        return choices;
    }

    private static List<Reply.QuickReply> subjects(State state) {
        var choices = new ArrayList<Reply.QuickReply>();
        State.SUBJECTS.forEach(subject -> choices.add(choice(state, "subject." + subject, state.about(subject))));
        choices.add(choice(state, "other.grade", state.of(0)));
        choices.add(otherLanguage(state));
        return choices;
    }

    private static Reply.QuickReply otherLanguage(State state) {
        var then = new Choice(state.in(state.language().other()), true);
        return new Reply.QuickReply(say(state, "other.language"), then.payload());
    }

    private static Reply.QuickReply choice(State state, String title, State then) {
        return new Reply.QuickReply(say(state, title), new Choice(then, false).payload());
    }

    private static String fill(State state, String key) {
        var text = say(state, key);
        if (state.grade() != 0) {
            text = text.replace("{grade}", say(state, "grade." + state.grade()));
        }
        return state.subject().isEmpty() ? text : text.replace("{subject}", say(state, "subject." + state.subject()));
    }

    private static String say(State state, String key) {
        return state.language().say(key);
    }
}
