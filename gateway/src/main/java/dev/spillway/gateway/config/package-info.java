// SPDX-License-Identifier: Apache-2.0
/**
 * The settings: one YAML file, overridden by the environment, read once into one typed tree.
 *
 * <p>Promise: either a complete {@link Settings}, or every problem at once; a secret is never part of a message. Nothing
 * else in the gateway reads the environment.
 *
 * <p>How: {@code YamlReader} and {@code EnvironmentReader} walk the {@code Schema} (made by reflection from
 * {@link Settings}) and say what is given; {@code Resolver} turns that into checked text, {@code CrossChecks} looks at
 * keys together, and SmallRye Config maps the text onto the interfaces. Start reading at {@link Settings}.
 */
@NullMarked
package dev.spillway.gateway.config;

import org.jspecify.annotations.NullMarked;
