// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import java.util.regex.Pattern;

/** The friend's name in a link's {@code ref}: {@code Anna}, {@code invite_anna}, {@code invite_Jean-Luc}. */
final class Invitation {
    private static final String PREFIX = "invite_";
    // A ref without the prefix may be anything, a campaign for example: it must look like a name.
    private static final Pattern NAME = Pattern.compile("\\p{Lu}\\p{Ll}{1,19}([-_]\\p{Lu}\\p{Ll}{1,19})?");

    private Invitation() {}

    /** Empty if the ref names nobody. */
    static String name(String ref) {
        var bare = ref.startsWith(PREFIX) ? capital(ref.substring(PREFIX.length())) : ref;
        return NAME.matcher(bare).matches() ? bare.replace('_', ' ') : "";
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
