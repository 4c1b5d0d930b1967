// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is: {@code redis://}, {@code rediss://}, {@code redis-sentinel://} or {@code rediss-sentinel://}. Prints
 * without user and password.
 */
public final class RedisUri {
    static final String EXPECTED =
            "redis://, rediss://, redis-sentinel:// or rediss-sentinel:// with a host and a port";

    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(?::[0-9]{1,5})?";
    private static final Pattern SHAPE =
            Pattern.compile("(?<scheme>rediss?(?:-sentinel)?)://(?:(?<credentials>[^@/]*)@)?(?<rest>" + HOST + "(?:,"
                    + HOST + ")*(?:/[0-9]{0,3})?(?:\\?[A-Za-z0-9=&._-]*)?(?:#[A-Za-z0-9._-]+)?)");

    private final String text;
    private final String shown;

    private RedisUri(String text, String shown) {
        this.text = text;
        this.shown = shown;
    }

    /** Reads a URI. Throws without repeating the text when it is none. */
    public static RedisUri of(String text) {
        var uri = SHAPE.matcher(text);
        if (!uri.matches()) {
            throw new IllegalArgumentException("redis.uri (expected: " + EXPECTED + ")");
        }
        var hidden = uri.group("credentials") == null ? "" : Problem.HIDDEN + "@";
        return new RedisUri(text, uri.group("scheme") + "://" + hidden + uri.group("rest"));
    }

    static boolean isFit(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** The whole URI with its password. Never put it where it could be printed. */
    public String reveal() {
        return text;
    }

    /** Whether it names sentinels. */
    public boolean isSentinel() {
        return isSentinel(text);
    }

    /** Whether it asks for TLS. */
    static boolean isTls(String text) {
        return text.startsWith("rediss");
    }

    /** Whether a sentinel's URI says which primary is meant. */
    static boolean namesPrimary(String text) {
        return text.contains("#") || text.contains("sentinelMasterId=");
    }

    /** Whether it names several hosts. */
    static boolean hasSeveralHosts(String text) {
        return text.contains(",");
    }

    /** Whether it names another database than the first. */
    static boolean hasDatabase(String text) {
        return text.matches("[^/]*//[^/]*/0*[1-9].*");
    }

    /** Whether it changes how the server's certificate is checked. */
    static boolean changesVerification(String text) {
        return text.toLowerCase(Locale.ROOT).contains("verifypeer=");
    }

    static boolean isSentinel(String text) {
        return text.startsWith("redis-sentinel:") || text.startsWith("rediss-sentinel:");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RedisUri uri && uri.text.equals(text);
    }

    @Override
    public int hashCode() {
        return shown.hashCode();
    }

    /** The URI without user and password. */
    @Override
    public String toString() {
        return shown;
    }
}
