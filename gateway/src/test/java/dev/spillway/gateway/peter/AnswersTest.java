// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {
    static List<State> states() {
        var states = new ArrayList<State>();
        for (var language : Language.ALL) {
            for (var grade : List.of(0, 6, 12)) {
                states.add(new State(language, grade, ""));
                State.SUBJECTS.forEach(subject -> states.add(new State(language, grade, subject)));
            }
        }
        return states;
    }

    @Test
    void both_languages_say_the_same_things() {
        assertThat(Language.EN.keys()).isEqualTo(Language.FR.keys());
        assertThat(Language.EN.keys())
                .allMatch(key ->
                        !Language.EN.say(key).isBlank() && !Language.FR.say(key).isBlank());
    }

    @ParameterizedTest
    @MethodSource("states")
    void every_question_keeps_the_platforms_limits_and_has_no_gap(State state) {
        var question = (Reply.Text) Answers.question(state);

        assertThat(question.text()).doesNotContain("{");
        assertThat(question.quickReplies()).isNotEmpty().hasSizeLessThanOrEqualTo(13);
        for (var choice : question.quickReplies()) {
            assertThat(choice.title()).isNotBlank().hasSizeLessThanOrEqualTo(20);
            assertThat(Choice.ofPayload(choice.payload())).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void a_choice_comes_back_from_its_payload_as_it_was(State state) {
        for (var choice : List.of(new Choice(state, false), new Choice(state, true))) {
            assertThat(Choice.ofPayload(choice.payload())).isEqualTo(choice);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET_STARTED",
                "peter:1:de:9:maths",
                "peter:1:fr:5:maths",
                "peter:1:fr:13:maths",
                "peter:1:fr:9:cooking",
                "peter:2:fr:9:maths",
                "peter:1:fr:9:maths:x",
                "peter:1:fr:9"
            })
    void a_payload_that_is_not_his_is_no_choice(String payload) {
        assertThat(Choice.ofPayload(payload)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Anna", "invite_Anna", "invite_anna"})
    void a_ref_may_bring_a_friends_name(String ref) {
        assertThat(Invitation.name(ref)).isEqualTo("Anna");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "campaign_7",
                "anna",
                "A",
                "ANNA",
                "invite_",
                "invite_42",
                "Anna=1",
                "Annaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void another_ref_brings_none(String ref) {
        assertThat(Invitation.name(ref)).isEmpty();
    }

    @Test
    void the_conversation_that_was_used_longest_ago_is_forgotten_first() {
        var memory = new Memory(2);
        var known = State.NEW.of(9);
        memory.keep("a", known);
        memory.keep("b", known);
        memory.recall("a");
        memory.keep("c", known);

        assertThat(memory.recall("a")).isEqualTo(known);
        assertThat(memory.recall("b")).isEqualTo(State.NEW);
        assertThat(memory.recall("c")).isEqualTo(known);
    }
}
