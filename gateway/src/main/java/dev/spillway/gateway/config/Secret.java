// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text that nobody may see: prints as {@code ***}, compares in constant time.
 *
 * <p>One that came from a file can be read again, so that it is rotated without a restart. Threads: safe for all; a
 * caller that wants one value twice calls {@link #reveal} once.
 */
public final class Secret {
    private static final long FILE_BYTES_MAX = 65_536;

    private final @Nullable Path file;
    private volatile char[] value;

    private Secret(@Nullable Path file, char[] value) {
        this.file = file;
        this.value = value;
    }

    /** The secret with this text. */
    public static Secret of(String text) {
        return new Secret(null, text.toCharArray());
    }

    /** The secret in that file, less one line end at its end; empty if the file cannot be read or makes no sense. */
    static Optional<Secret> in(Path file) {
        return read(file).map(text -> new Secret(file, text));
    }

    /** The text itself. Never put it where it could be printed. */
    public String reveal() {
        return new String(value);
    }

    /** The text in UTF-8. */
    public byte[] bytes() {
        return utf8(value);
    }

    /** Whether this is the text, in a time that says nothing about how much of it fits. */
    public boolean is(String text) {
        return MessageDigest.isEqual(bytes(), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it came from a file, and so may change. */
    public boolean isFromFile() {
        return file != null;
    }

    /** Reads the file again, if there is one. Blocks on the file system. */
    public Reread reread() {
        if (file == null) {
            return Reread.SAME;
        }
        var now = read(file);
        if (now.isEmpty()) {
            return Reread.UNREADABLE;
        }
        if (Arrays.equals(now.get(), value)) {
            return Reread.SAME;
        }
        value = now.get();
        return Reread.CHANGED;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    /** The same for all: a hash would tell about the text, and would change with the file. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return Problem.HIDDEN;
    }

    /** Whether the text can be a secret at all: not empty, and nothing that could break a header in two. */
    static boolean isFit(CharSequence text) {
        return !text.isEmpty() && text.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<char[]> read(Path file) {
        try {
            // A directory or a device is not read: it might never end.
            if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
                return Optional.empty();
            }
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file)));
            var line = withoutLineEnd(text);
            if (!isFit(line)) {
                return Optional.empty();
            }
            var chars = new char[line.remaining()];
            line.get(chars);
            return Optional.of(chars);
        } catch (IOException unreadableOrNoText) {
            return Optional.empty();
        }
    }

    private static CharBuffer withoutLineEnd(CharBuffer text) {
        var end = text.length();
        if (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
            if (end > 0 && text.charAt(end - 1) == '\r') {
                end--;
            }
        }
        return text.subSequence(0, end);
    }

    private static byte[] utf8(char[] text) {
        var buffer = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** What reading a secret's file again came to. */
    public enum Reread {
        SAME,
        CHANGED,
        /** The file is gone or makes no sense: the text stays as it was. */
        UNREADABLE
    }
}
