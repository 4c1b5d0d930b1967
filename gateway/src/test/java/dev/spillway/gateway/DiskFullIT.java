// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.dev.RedisSettings.Fsync;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.worker.EchoBot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The disk under Redis fills up. With {@code always} the server ends, with {@code everysec} it refuses writes: in either
 * case no webhook gets a 200 for what is not kept, and none that got one is lost when there is room again.
 */
final class DiskFullIT {
    private final List<PathRig> rigs = new ArrayList<>();
    private Path disk = Path.of("");

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createTempDirectory("spillway-disk-");
        var mounted = run("mount", "-t", "tmpfs", "-o", "size=4m", "spillway-test", disk.toString()) == 0;
        if (!mounted) {
            Files.delete(disk);
        }
        Assumptions.assumeTrue(mounted, "a small disk cannot be mounted here: this needs root");
    }

    @AfterEach
    void unmount() throws Exception {
        rigs.forEach(PathRig::close);
        if (Files.exists(disk)) {
            assertThat(run("umount", disk.toString())).isZero();
            Files.delete(disk);
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException missing) {
            return 127;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fsync.class,
            names = {"ALWAYS", "EVERYSEC"})
    void a_full_disk_is_never_answered_with_200_and_what_was_is_there_afterwards(Fsync fsync) throws Exception {
        var rig = new PathRig(
                RedisRig.start(settings -> settings.withDataFolder(disk).withFsync(fsync)));
        rigs.add(rig);
        var worker = rig.unlimited(rig.redis.uri(), Map.of("echo", EchoBot::new));
        rig.stop(worker);
        var ingest = rig.gateway(
                rig.redis.uri(),
                Map.of(),
                "",
                "  roles: [ingest]\n  ingest: { hold-max: 500ms }\n" + PathRig.UNLIMITED);

        var taken = new HashSet<String>();
        var refused = fill(ingest.httpPort(), taken);
        assertThat(taken).isNotEmpty();
        for (var i = 0; i < 5; i++) {
            assertThat(post(ingest.httpPort(), refused)).as("still full").isEqualTo(503);
        }

        assertThat(run("mount", "-o", "remount,size=64m", disk.toString())).isZero();
        rig.redis.kill9();
        rig.redis.restart();
        rig.awaitThat(() -> post(ingest.httpPort(), refused) == 200, "room again");
        taken.add("text " + refused);
        rig.unlimited(rig.redis.uri(), Map.of("echo", EchoBot::new));
        // What was written and refused may be there too, since nobody knew: the platform would have sent it again.
        rig.awaitThat(() -> Set.copyOf(numbered(rig)).containsAll(taken), "every text that got 200 is answered");
        rig.awaitIdle("echo.1");
        assertThat(numbered(rig)).doesNotHaveDuplicates();
    }

    private static List<String> numbered(PathRig rig) {
        return rig.taken().stream()
                .map(text -> text.substring(0, text.indexOf('|')))
                .toList();
    }

    /** Posts until the first refusal; returns its number. */
    private int fill(int port, Set<String> taken) {
        for (var number = 0; number < 20_000; number++) {
            if (post(port, number) != 200) {
                return number;
            }
            taken.add("text " + number);
        }
        throw new AssertionError("the disk never filled up");
    }

    private int post(int port, int number) {
        try {
            var text = "text " + number + "|" + "x".repeat(1500);
            return rigs.getFirst()
                    .post(port, PathRig.text("7" + number % 50, "m_" + number, text), SECRET)
                    .statusCode();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
