// SPDX-License-Identifier: Apache-2.0
package dev.spillway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void a_jvm_that_is_too_old_is_told_so_in_one_sentence_and_exits_with_3() throws Exception {
        var err = directory.resolve("err");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-javaagent:" + agent(),
                        "-jar",
                        System.getProperty("spillway.jar"),
                        "version")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_") || name.startsWith("JDK_JAVA_"));

        var process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(Files.readString(err).lines().toList())
                .singleElement()
                .asString()
                .startsWith("Spillway needs Java 21 or newer, and this is Java 17 (")
                .endsWith("): start it with a newer java.");
        assertThat(process.exitValue()).isEqualTo(3);
    }

    /** Makes a JVM say that it is older than it is: it overwrites what {@code -Djava.specification.version} gives. */
    public static final class Pretender {
        private Pretender() {}

        public static void premain(String argument) {
            System.setProperty("java.specification.version", "17");
        }
    }

    private Path agent() throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Pretender.class.getName());
        var jar = directory.resolve("agent.jar");
        var name = Pretender.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var bytes = Objects.requireNonNull(getClass().getClassLoader().getResourceAsStream(name))) {
            out.putNextEntry(new ZipEntry(name));
            bytes.transferTo(out);
        }
        return jar;
    }
}
