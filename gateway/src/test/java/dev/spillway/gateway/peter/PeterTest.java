// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.messenger.Reply;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeterTest {
    private final Peter peter = new Peter();
    private final Talk talk = new Talk(peter, "7001");

    @Test
    void a_conversation_in_english() {
        talk.follows("""
            > Hello Peter!
            < Hello! I am Peter, a bot, and I help with homework.
            < Which class are you in? [Grade 6|Grade 7|Grade 8|Grade 9|Grade 10|Grade 11|Grade 12|Français]
            > [Grade 9]
            < Grade 9, noted. Which subject is it? [Maths|Physics|French|English (subject)|History|Another class|Français]
            > [Maths]
            < Maths, Grade 9: send me your exercise. A calculation such as 12 × (3 + 4) I work out at once. [Another subject|Another class|Français]
            > 12*(3+4) = ?
            < Here is how it goes://12 × (3 + 4)/= 12 × 7/= 84
            < Is there another one? Just send it. [Another subject|Another class|Français]
            > Prove that the square root of 2 is irrational.
            < Thank you! A tutor will read your exercise (Maths, Grade 9). This is what I understood://“Prove that the square root of 2 is irrational.”
            < Meanwhile you can send another one. [Another subject|Another class|Français]
            > [Another subject]
            < Grade 9, noted. Which subject is it? [Maths|Physics|French|English (subject)|History|Another class|Français]
            > physics
            < Physics, Grade 9: send me your exercise. A calculation such as 12 × (3 + 4) I work out at once. [Another subject|Another class|Français]
            > 4 / (2 - 2)
            < Nobody can divide by zero: have another look at your calculation. [Another subject|Another class|Français]
            > (picture)
            < Thank you. I can read text only for now: please type your exercise.
            """);
    }

    @Test
    void a_conversation_in_french() {
        talk.follows("""
            > (start invite_Anna)
            < Hello! Anna invited you, how nice. I am Peter, a bot, and I help with homework.
            < Which class are you in? [Grade 6|Grade 7|Grade 8|Grade 9|Grade 10|Grade 11|Grade 12|Français]
            > [Français]
            < D’accord, on continue en français.
            < Tu es en quelle classe ? [6e|5e|4e|3e|2de|1re|Terminale|English]
            > [3e]
            < 3e, c’est noté. C’est pour quelle matière ? [Maths|Physique|Français (matière)|Anglais|Histoire|Autre classe|English]
            > [Histoire]
            < Histoire, 3e : envoie-moi ton exercice. Un calcul comme 12 × (3 + 4), je le fais tout de suite. [Autre matière|Autre classe|English]
            > Pourquoi 1789 ?
            < Merci ! Un tuteur va lire ton exercice (Histoire, 3e). Voici ce que j’ai compris ://“Pourquoi 1789 ?”
            < En attendant, tu peux en envoyer un autre. [Autre matière|Autre classe|English]
            > 3,5 x 2 : 4
            < Voici comment on fait ://3,5 × 2 ÷ 4/= 7 ÷ 4/= 1,75
            < Tu en as un autre ? Envoie-le. [Autre matière|Autre classe|English]
            > english
            < All right, English it is.
            < History, Grade 9: send me your exercise. A calculation such as 12 × (3 + 4) I work out at once. [Another subject|Another class|Français]
            > Salut !
            < Bonjour ! Je suis Peter, un robot, et j’aide à faire les devoirs.
            < Histoire, 3e : envoie-moi ton exercice. Un calcul comme 12 × (3 + 4), je le fais tout de suite. [Autre matière|Autre classe|English]
            > (link Tom)
            < Bonjour ! C’est Tom qui t’invite, quelle bonne idée. Je suis Peter, un robot, et j’aide à faire les devoirs.
            < Histoire, 3e : envoie-moi ton exercice. Un calcul comme 12 × (3 + 4), je le fais tout de suite. [Autre matière|Autre classe|English]
            > [Autre classe]
            < Tu es en quelle classe ? [6e|5e|4e|3e|2de|1re|Terminale|English]
            > terminale
            < Histoire, Terminale : envoie-moi ton exercice. Un calcul comme 12 × (3 + 4), je le fais tout de suite. [Autre matière|Autre classe|English]
            """);
    }

    @Test
    void an_exercise_before_the_questions_is_asked_for_again_but_a_calculation_is_answered() {
        talk.follows("""
            > Bonjour, peux-tu m'aider avec ma dissertation ?
            < Avec plaisir ! Deux petites questions d’abord, puis renvoie-le.
            < Tu es en quelle classe ? [6e|5e|4e|3e|2de|1re|Terminale|English]
            > 1 + 1
            < Voici comment on fait ://1 + 1/= 2
            < Tu en as un autre ? Envoie-le. [English]
            """);
    }

    @Test
    void after_a_restart_a_tap_still_means_the_same_and_free_text_is_asked_about() {
        talk.follows("""
            > bonjour
            < Bonjour ! Je suis Peter, un robot, et j’aide à faire les devoirs.
            < Tu es en quelle classe ? [6e|5e|4e|3e|2de|1re|Terminale|English]
            """);
        var restarted = new Talk(new Peter(), "7001");

        var tapped = restarted.twice(
                restarted.event(Kind.POSTBACK, "postback", Talk.object().put("payload", "peter:1:fr:6:history")));

        assertThat(((Reply.Text) tapped.getFirst()).text()).startsWith("Histoire, 6e");
        new Talk(new Peter(), "7001").follows("""
            > Pourquoi 1789 ?
            < Gladly! Two short questions first, then send it again.
            < Which class are you in? [Grade 6|Grade 7|Grade 8|Grade 9|Grade 10|Grade 11|Grade 12|Français]
            """);
    }

    @Test
    void people_do_not_hear_of_one_another() {
        talk.follows("""
            > français
            < D’accord, on continue en français.
            < Tu es en quelle classe ? [6e|5e|4e|3e|2de|1re|Terminale|English]
            """);

        new Talk(peter, "7002").follows("""
            > hi
            < Hello! I am Peter, a bot, and I help with homework.
            < Which class are you in? [Grade 6|Grade 7|Grade 8|Grade 9|Grade 10|Grade 11|Grade 12|Français]
            """);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MESSAGE", "POSTBACK", "REFERRAL", "UNSUPPORTED"})
    void other_kinds_get_no_answer(Kind kind) {
        assertThat(talk.twice(talk.event(kind, "message", Talk.object().put("text", "hello"))))
                .isEmpty();
    }

    @Test
    void echoes_and_standby_copies_get_no_answer() {
        var echo = Talk.object().put("text", "hello").put("is_echo", true);

        assertThat(talk.twice(talk.event(Kind.ECHO, "message", echo))).isEmpty();
        assertThat(talk.twice(talk.event(Kind.MESSAGE, "{\"message\":{\"text\":\"hello\"}}", true)))
                .isEmpty();
    }

    @Test
    void a_long_exercise_is_repeated_in_part() {
        talk.twice(talk.event(Kind.POSTBACK, "postback", Talk.object().put("payload", "peter:1:en:6:history")));

        var reply =
                (Reply.Text) talk.twice(talk.text("\ud83d\ude00".repeat(1_000))).getFirst();

        assertThat(reply.text()).endsWith("\ud83d\ude00…”").hasSizeLessThan(800);
    }

    @Property(tries = 200)
    void nothing_that_people_write_or_send_makes_him_throw(@ForAll String text, @ForAll String payload) {
        assertThat(talk.twice(talk.text(text))).isNotEmpty();
        talk.twice(talk.event(Kind.POSTBACK, "postback", Talk.object().put("payload", payload)));
        talk.twice(talk.event(Kind.MESSAGE, text, false));
        talk.twice(talk.event(Kind.MESSAGE, "{\"message\":\"TEST_MESSAGE\"}", false));
    }
}
