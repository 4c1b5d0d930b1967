// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that goes when it is closed, and at the latest with this JVM. */
final class WorkFolder implements AutoCloseable {
    private final Path path;

    private WorkFolder(Path path) {
        this.path = path;
    }

    /** On the disk of its parent, not in {@code /tmp}, which may be memory: an fsync must reach a disk. */
    static WorkFolder in(Path parent) throws IOException {
        var folder = new WorkFolder(Files.createTempDirectory(Files.createDirectories(parent), "run-"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Child.killAll(); // or they would go on writing here
            folder.close();
        }));
        return folder;
    }

    Path path() {
        return path;
    }

    Path make(String name) throws IOException {
        return Files.createDirectories(path.resolve(name));
    }

    @Override
    public void close() {
        // Again, if what was killed just now wrote something at the same time.
        for (var tried = 0; tried < 2 && Files.exists(path); tried++) {
            remove();
        }
    }

    private void remove() {
        try (Stream<Path> files = Files.walk(path)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | RuntimeException left) {
            // It lies under target/, and the next mvn clean takes it.
        }
    }
}
