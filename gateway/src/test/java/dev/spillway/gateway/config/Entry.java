// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.Map;
import java.util.Objects;

/** An entry of a map of settings that must be there. */
final class Entry {
    private Entry() {}

    static <T> T of(Map<String, T> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }
}
