// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine, installed from its distribution where one is missing and may be installed. */
final class Tools {
    private static final long INSTALL_SECONDS = 300;

    private final boolean install;
    private final Path folder;

    Tools(boolean install, Path folder) {
        this.install = install;
        this.folder = folder;
    }

    /** The program of this name; fails with what to install if there is none. */
    Path program(String name, String... packages) throws Skipped, IOException, InterruptedException {
        var found = find(name);
        if (found.isEmpty()) {
            install(packages);
            found = find(name);
        }
        return found.orElseThrow(() -> new Skipped(
                "there is no " + name + " here; with Debian: apt-get install " + String.join(" ", packages)));
    }

    /** A file that a package brings. */
    void file(Path file, String... packages) throws Skipped, IOException, InterruptedException {
        if (!Files.exists(file)) {
            install(packages);
        }
        if (!Files.exists(file)) {
            throw new Skipped("there is no " + file.getFileName() + " here; with Debian: apt-get install "
                    + String.join(" ", packages));
        }
    }

    Optional<Path> find(String name) {
        var path = System.getenv("PATH") + ":/usr/sbin";
        return Stream.of(path.split(":"))
                .filter(one -> !one.isBlank())
                .map(one -> Path.of(one, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void install(String... packages) throws IOException, InterruptedException {
        if (!install
                || !System.getProperty("user.name").equals("root")
                || find("apt-get").isEmpty()) {
            return;
        }
        System.out.println("Installing " + String.join(" ", packages));
        // A run level of 1 keeps Debian from starting the services that come with packages.
        var command = new ArrayList<String>(List.of("env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive"));
        command.addAll(List.of("apt-get", "install", "-y", "--no-install-recommends"));
        command.addAll(List.of(packages));
        try {
            Child.run("apt-get", folder, command, INSTALL_SECONDS);
        } catch (IOException failed) {
            System.out.println(failed.getMessage());
        }
    }
}
