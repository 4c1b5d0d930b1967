// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class one {@link RedisRig}, as a parameter of the constructor or of a method.
 *
 * <p>It is healed before each test: thawed, running, empty, its settings and counters as at the start.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RedisRigExtension.class)
public @interface WithRedis {}
