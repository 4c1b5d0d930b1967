// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The scripts as a connection sends them.
 *
 * <p>They are as they are written, unless the JVM was started with {@code -Dspillway.once.shard-max=n}: then a shard of
 * the once-guard holds so few keys. Tests make it grow with a few events so; which size it has is no matter to a guard
 * that is there already.
 */
final class Scripts {
    private static final String SHARDS = "local shard_max, level_max = 128, 14";
    private static final int SHARD_MAX = 128;

    /** For all connections of the process. */
    static final Scripts STANDARD = withShards(Integer.getInteger("spillway.once.shard-max", SHARD_MAX));

    /** A text, and the SHA-1 by which the server knows it. */
    record Sent(String text, String sha) {}

    private final Map<Script, Sent> all = new EnumMap<>(Script.class);

    private Scripts(Function<Script, String> texts) {
        for (var script : Script.values()) {
            var text = texts.apply(script);
            all.put(script, new Sent(text, Script.sha1(text)));
        }
    }

    static Scripts withShards(int keys) {
        return new Scripts(Script::text).with(SHARDS, SHARDS.replace("128", Integer.toString(keys)));
    }

    /** With one text in place of another that some of them have. */
    Scripts with(String text, String instead) {
        if (all.values().stream().noneMatch(sent -> sent.text().contains(text))) {
            throw new IllegalArgumentException("no script has: " + text);
        }
        return new Scripts(script -> of(script).text().replace(text, instead));
    }

    Sent of(Script script) {
        return Objects.requireNonNull(all.get(script));
    }
}
