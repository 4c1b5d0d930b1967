// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** The server that org.signal:embedded-redis carries as a plain resource, one per system. */
final class RedisBinary {
    private static final String VERSION = "7.0.15";

    private RedisBinary() {}

    /** The resource for a system as {@code os.name} and {@code os.arch} describe it. */
    static String resourceFor(String osName, String osArch) {
        var name = osName.toLowerCase(Locale.ROOT);
        var os = name.equals("linux") ? "linux" : name.startsWith("mac") ? "darwin" : "";
        var arch =
                switch (osArch.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> "";
                };
        if (os.isEmpty() || arch.isEmpty()) {
            throw new UnsupportedOperationException("no embedded Redis for " + osName + " on " + osArch
                    + " (there is one for Linux and macOS on x64 and arm64): start a Redis 7 of your own and name it in"
                    + " spillway.redis.uri");
        }
        return "redis-server-" + VERSION + "-" + os + "-" + arch;
    }

    /** Copies this system's server into the folder, for the owner's eyes only, and returns its path. */
    static Path extract(Path folder) throws IOException {
        var resource = resourceFor(System.getProperty("os.name"), System.getProperty("os.arch"));
        var part = folder.resolve("redis-server.part");
        try (var in = RedisBinary.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new IOException("this installation comes without the embedded Redis (" + resource
                        + "): dev mode is not in the production image");
            }
            Files.copy(in, part);
        }
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwx------"));
        var file = folder.resolve("redis-server");
        copy(part, file);
        Files.delete(part);
        return file;
    }

    /**
     * By a process of its own. While we wrote it ourselves, a process that another thread starts would inherit the open
     * file for a moment, and nobody may run a file that is open for writing.
     */
    private static void copy(Path from, Path to) throws IOException {
        var copying = new ProcessBuilder("/bin/cp", "-p", from.toString(), to.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            var code = copying.waitFor();
            if (code != 0) {
                throw new IOException("the embedded Redis cannot be copied to " + to + ": cp ended with " + code);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the embedded Redis was copied");
        }
    }
}
