// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a text, or the name of a map's entry, looks like. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Matching {
    /** The names that apps and bots may have: they are part of paths, Redis keys and environment names. */
    String NAME = "[a-z0-9][a-z0-9-]{0,31}";

    String NAME_IN_WORDS = "up to 32 of a-z, 0-9 and -, not starting with -";

    String pattern();

    /** The pattern in words, for the person who has to change the value. */
    String words();
}
