// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.Map;
import java.util.stream.Collectors;

/** What a server says of itself right after a connect. */
record ServerInfo(Map<String, String> fields, long clientId) {
    ServerInfo(String info, long clientId) {
        this(parse(info), clientId);
    }

    /** The lines {@code name:value} of INFO. */
    static Map<String, String> parse(String info) {
        return info.lines()
                .filter(line -> !line.startsWith("#") && line.indexOf(':') > 0)
                .collect(Collectors.toUnmodifiableMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1),
                        (first, second) -> first));
    }

    boolean usable() {
        return reason().isEmpty();
    }

    /** Why nothing may be told to this server; empty if it may. */
    String reason() {
        if (!fields.getOrDefault("loading", "0").equals("0")) {
            return "Redis is loading its data";
        }
        if (!fields.getOrDefault("role", "master").equals("master")) {
            return "this Redis is a replica";
        }
        return "";
    }

    ServerGeneration generation() {
        return new ServerGeneration(fields.getOrDefault("run_id", ""), fields.getOrDefault("master_replid", ""));
    }
}
