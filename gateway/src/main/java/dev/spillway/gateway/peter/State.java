// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import java.util.List;

/**
 * What Peter knows about a pupil.
 *
 * @param grade 6 to 12; 0 until it is known
 * @param subject one of {@link #SUBJECTS}; empty until it is known
 */
record State(Language language, int grade, String subject) {
    static final State NEW = new State(Language.EN, 0, "");
    static final int GRADE_MIN = 6;
    static final int GRADE_MAX = 12;
    static final List<String> SUBJECTS = List.of("maths", "physics", "french", "english", "history");

    State in(Language other) {
        return new State(other, grade, subject);
    }

    State of(int newGrade) {
        return new State(language, newGrade, subject);
    }

    State about(String newSubject) {
        return new State(language, grade, newSubject);
    }

    boolean isComplete() {
        return grade != 0 && !subject.isEmpty();
    }
}
