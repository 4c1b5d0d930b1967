// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The defaults of a branch whose interface serves several branches, as {@code "key=value"}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Defaults {
    String[] value();
}
