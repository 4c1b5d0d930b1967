// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The smallest and the largest value allowed, both included, written as in the file: {@code "2s"}, {@code "64KiB"}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Between {
    String min();

    String max();
}
