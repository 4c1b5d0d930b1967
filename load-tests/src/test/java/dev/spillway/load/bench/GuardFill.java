// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Fills the once-guard as workers do, by the gateway's own commit script out of its jar, with events that have no replies:
 * a worker and its bot would only take longer. For one thread.
 */
final class GuardFill {
    private static final String SCRIPTS = "dev/spillway/gateway/stream/";
    private static final String INCLUDE = "--@";
    private static final int COMMIT_EVENTS = 32;
    private static final int DIGEST_BYTES = 16;
    private static final long SEED = 20_261_224;

    private final RedisSocket redis;
    private final int partitions;
    private final String sha;
    private final Random random = new Random(SEED);

    private GuardFill(RedisSocket redis, int partitions, String sha) {
        this.redis = redis;
        this.partitions = partitions;
        this.sha = sha;
    }

    static GuardFill of(Path jar, RedisSocket redis, int partitions) throws IOException {
        try (var files = FileSystems.newFileSystem(jar)) {
            var text = read(files, "commit").lines().toList();
            var assembled = new ArrayList<String>();
            for (var line : text) {
                assembled.add(line.startsWith(INCLUDE) ? read(files, line.substring(INCLUDE.length())) : line);
            }
            var sha = redis.text("SCRIPT", "LOAD", assembled.stream().collect(Collectors.joining("\n")));
            return new GuardFill(redis, partitions, sha);
        }
    }

    private static String read(FileSystem files, String script) throws IOException {
        return Files.readString(files.getPath(SCRIPTS + script + ".lua"));
    }

    /** Finishes so many messages of this hour since 1970, each partition in turn; returns how many. */
    int hour(long hour, int keys) throws IOException {
        var commits = (keys + COMMIT_EVENTS - 1) / COMMIT_EVENTS;
        for (var commit = 0; commit < commits; commit++) {
            var tag = "{p" + commit % partitions + "}";
            var lease = "g1:own:" + tag + ":echo.1";
            redis.answer("HSET", lease, "o", "sizing", "e", "1");
            var command = words("EVALSHA", sha, "1", lease, "sizing", "1", "g1:", tag, "echo.1", "" + COMMIT_EVENTS);
            for (var event = 0; event < COMMIT_EVENTS; event++) {
                var digest = new byte[DIGEST_BYTES];
                random.nextBytes(digest);
                command.addAll(words("m", "h", "" + hour));
                command.add(digest);
                command.addAll(words("done", "0"));
            }
            command.addAll(words("0"));
            redis.answer(command);
        }
        return commits * COMMIT_EVENTS;
    }

    private static List<byte[]> words(String... words) {
        var bytes = new ArrayList<byte[]>();
        for (var word : words) {
            bytes.add(word.getBytes(UTF_8));
        }
        return bytes;
    }
}
