// SPDX-License-Identifier: Apache-2.0
/** What a user of the library would write, compiled and run with every build. */
@NullMarked
package dev.spillway.example;

import org.jspecify.annotations.NullMarked;
