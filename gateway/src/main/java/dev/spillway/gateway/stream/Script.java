// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A Lua script beside this class. A line {@code --@name} in it stands for the text of {@code name.lua}.
 *
 * <p>All start with a shebang, so that Redis refuses one as a whole instead of half-way, and all that make room carry
 * {@code allow-oom}: a full server must be able to drain.
 */
public enum Script {
    LEASE,
    RELEASE,
    HEARTBEAT,
    SUSPECT,
    SUBSCRIBE,
    TAKE,
    SEEN,
    COMMIT,
    ASIDE,
    REJOIN,
    BEGIN,
    ABORT,
    DONE,
    ECHO,
    SETTLE,
    QUARANTINE,
    PURGE,
    REDRIVE,
    TRIM,
    SKIP,
    DROP,
    BACKLOG,
    REGISTER,
    DRIFT,
    PERMISSIONS;

    private static final String INCLUDE = "--@";

    private final String text = assembled(name());
    private final String sha = sha1(text);

    /** The whole text. */
    String text() {
        return text;
    }

    /** The SHA-1 of the text, by which the server knows it. */
    public String sha() {
        return sha;
    }

    private static String assembled(String name) {
        return read(name)
                .lines()
                .map(line -> line.startsWith(INCLUDE) ? assembled(line.substring(INCLUDE.length())) : line)
                .collect(Collectors.joining("\n"));
    }

    private static String read(String name) {
        var file = name.toLowerCase(Locale.ROOT) + ".lua";
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static String sha1(String text) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-1", missing);
        }
    }
}
