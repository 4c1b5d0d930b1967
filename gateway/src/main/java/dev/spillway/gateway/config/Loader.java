// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.Converter;

/** Puts the steps together: read, override, resolve, check, map. */
final class Loader {
    private static final long FILE_BYTES_MAX = 4 << 20;
    private static final Schema.Branch SCHEMA = Schema.settings();

    private Loader() {}

    static Loaded load(Path file, Map<String, String> environment) {
        try {
            if (Files.size(file) <= FILE_BYTES_MAX) {
                var directory = file.toAbsolutePath().getParent();
                return parse(
                        Files.readString(file),
                        environment,
                        directory == null ? Path.of("") : directory,
                        Settings.BUILT_IN_BOTS);
            }
            return unreadable(file, "a file of at most 4 MiB");
        } catch (IOException failed) {
            return unreadable(file, "a readable file of YAML in UTF-8");
        }
    }

    private static Loaded unreadable(Path file, String expectation) {
        return new Loaded.Refused(List.of(new Problem("configuration file", file.toString(), expectation, "")));
    }

    static Loaded parse(String yaml, Map<String, String> environment, Path directory, Set<String> builtInBots) {
        var read = YamlReader.read(yaml, SCHEMA);
        read.overriddenBy(EnvironmentReader.read(environment, SCHEMA, read));
        var resolved = Resolver.resolve(read, SCHEMA, directory);
        CrossChecks.check(resolved.texts(), read, builtInBots);
        if (!read.problems().isEmpty()) {
            return new Loaded.Refused(read.problems());
        }
        return new Loaded.Ready(map(resolved));
    }

    private static Settings map(Resolver.Resolved resolved) {
        Converter<Secret> secrets = property -> {
            var secret = resolved.secrets().get(property);
            if (secret == null) {
                throw new IllegalArgumentException("no secret of that name");
            }
            return secret;
        };
        // No interceptors are added, so nothing is expanded: ${…} is text.
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(resolved.texts(), "settings", 100))
                .withConverter(Secret.class, 100, secrets)
                .withConverter(RedisUri.class, 100, RedisUri::of)
                .withMapping(Settings.class)
                .build()
                .getConfigMapping(Settings.class);
    }
}
