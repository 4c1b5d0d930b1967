// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A Redis whose wall clock can be set while it runs, by a library that is compiled and loaded before its own. Not possible
 * with the embedded server, which loads none: this needs a C compiler and a server of the system.
 */
public final class ClockShim {
    private static final List<Path> SERVERS =
            List.of(Path.of("/usr/bin/redis-server"), Path.of("/usr/local/bin/redis-server"));

    private final Path server;
    private final Path offset;

    private ClockShim(Path server, Path offset) {
        this.server = server;
        this.offset = offset;
    }

    /** Built in this folder; empty, with the reason printed, where it cannot be. */
    public static Optional<ClockShim> build(Path folder) throws IOException, InterruptedException {
        var original = SERVERS.stream().filter(Files::isExecutable).findFirst();
        if (original.isEmpty()) {
            System.out.println("no clock to set: there is no server of the system at any of " + SERVERS);
            return Optional.empty();
        }
        var library = folder.resolve("shim.so");
        var source = folder.resolve("shim.c");
        try (var text = Objects.requireNonNull(ClockShim.class.getResourceAsStream("/clock/shim.c"))) {
            Files.copy(text, source);
        }
        if (!compiled(source, library)) {
            System.out.println("no clock to set: there is no C compiler");
            return Optional.empty();
        }
        var offset = folder.resolve("offset");
        var shim = new ClockShim(folder.resolve("redis-server"), offset);
        shim.set(Duration.ZERO);
        Files.writeString(shim.server, """
            #!/bin/sh
            export CLOCK_OFFSET_FILE='%s' LD_PRELOAD='%s'
            exec '%s' "$@"
            """.formatted(offset, library, original.get()));
        Files.setPosixFilePermissions(shim.server, PosixFilePermissions.fromString("rwx------"));
        return Optional.of(shim);
    }

    private static boolean compiled(Path source, Path library) throws InterruptedException {
        try {
            return new ProcessBuilder("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString())
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** The server to start. */
    public Path server() {
        return server;
    }

    /** From now on its clock is so far from that of the system. */
    public void set(Duration ahead) {
        var micros = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(ahead.toNanos() / 1000)
                .flip();
        try (var file = Files.newByteChannel(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(micros);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
