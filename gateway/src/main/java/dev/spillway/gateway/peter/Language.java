// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A language that Peter speaks, with everything that he says in it. There are two, equal only to themselves. */
final class Language {
    static final Language EN = new Language(Locale.ENGLISH, Set.of("hello", "hi", "hey"), Set.of("english"), '.');
    static final Language FR = new Language(
            Locale.FRENCH, Set.of("bonjour", "salut", "coucou", "bonsoir"), Set.of("français", "francais"), ',');
    static final List<Language> ALL = List.of(EN, FR);

    private final String code;
    private final Set<String> greetings;
    private final Set<String> names;
    private final char decimalPoint;
    private final ResourceBundle texts;

    private Language(Locale locale, Set<String> greetings, Set<String> names, char decimalPoint) {
        this.code = locale.getLanguage();
        this.greetings = greetings;
        this.names = names;
        this.decimalPoint = decimalPoint;
        // Without a fall-back: a missing language must not turn into that of the machine.
        this.texts = ResourceBundle.getBundle(
                "peter.texts",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    String code() {
        return code;
    }

    char decimalPoint() {
        return decimalPoint;
    }

    Language other() {
        return this == EN ? FR : EN;
    }

    /** What Peter says under that key. */
    String say(String key) {
        return texts.getString(key);
    }

    Set<String> keys() {
        return texts.keySet();
    }

    /** Whether that word, in lower case, is how people call this language in it. */
    boolean isNamed(String word) {
        return names.contains(word);
    }

    /** The language of a greeting, or the one that is named; null for any other word. Lower case. */
    static @Nullable Language ofWord(String word) {
        return ALL.stream()
                .filter(language -> language.greetings.contains(word) || language.names.contains(word))
                .findFirst()
                .orElse(null);
    }

    static @Nullable Language ofCode(String code) {
        return ALL.stream()
                .filter(language -> language.code.equals(code))
                .findFirst()
                .orElse(null);
    }

    @Override
    public String toString() {
        return code;
    }
}
