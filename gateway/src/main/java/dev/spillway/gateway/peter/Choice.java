// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tapping a quick reply of Peter's means: the state that holds from then on. It is the whole payload, so that a tap
 * means the same after a restart as before it, and the second time as the first.
 *
 * @param switched whether it is the language that was chosen
 */
record Choice(State state, boolean switched) {
    private static final Pattern PAYLOAD =
            Pattern.compile("peter:1:([a-z]{2}):(0|[6-9]|1[0-2]):([a-z]{0,20})(:language)?");

    /** {@code peter:1:fr:9:maths}, or the same with {@code :language} behind it. */
    String payload() {
        return "peter:1:" + state.language().code() + ":" + state.grade() + ":" + state.subject()
                + (switched ? ":language" : "");
    }

    /** Reads what {@link #payload} wrote; null for anything else. */
    static @Nullable Choice ofPayload(String payload) {
        var parts = PAYLOAD.matcher(payload);
        if (!parts.matches()) {
            return null;
        }
        var language = Language.ofCode(parts.group(1));
        var subject = parts.group(3);
        if (language == null || !(subject.isEmpty() || State.SUBJECTS.contains(subject))) {
            return null;
        }
        return new Choice(new State(language, Integer.parseInt(parts.group(2)), subject), parts.group(4) != null);
    }
}
