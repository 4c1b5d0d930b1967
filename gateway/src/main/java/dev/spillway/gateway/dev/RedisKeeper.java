// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small shell between us and the server, so that the server ends when we do and not before.
 *
 * <p>It runs in a session of its own: a Ctrl-C in the terminal goes to the whole foreground process group, and Redis
 * takes SIGINT as "shut down now", while the gateway still drains into it. And it reads a pipe that only this JVM holds
 * open: when the JVM dies, even by {@code kill -9}, the pipe ends, and the shell stops the server and clears up.
 */
final class RedisKeeper {
    /**
     * $1 server, $2 its configuration, $3 its log, $4 the folder to remove when we end; not when the server ends by
     * itself, because then the log tells why.
     */
    private static final String SCRIPT = """
        trap '' HUP INT QUIT TERM
        exec 3<&0
        exec "$1" "$2" </dev/null >"$3" 2>&1 3<&- &
        server=$!
        echo "$server"
        (
            read -r end <&3
            : >"$4/ending"
            kill -TERM "$server"
            kill -CONT "$server"
            tries=0
            while [ "$tries" -lt 100 ]; do
                sleep 0.1
                tries=$((tries + 1))
            done
            kill -KILL "$server"
        ) >/dev/null 2>&1 &
        guard=$!
        wait "$server"
        code=$?
        kill -KILL "$guard" 2>/dev/null
        [ ! -e "$4/ending" ] || rm -rf "$4"
        exit "$code"
        """;

    /** Longer than the ten seconds that the script gives the server. */
    private static final long END_SECONDS_MAX = 15;

    private final Process shell;
    private final long serverPid;

    private RedisKeeper(Process shell, long serverPid) {
        this.shell = shell;
        this.serverPid = serverPid;
    }

    static RedisKeeper start(Path server, Path configuration, Path log, Path remove) throws IOException {
        var command = new ArrayList<>(ownSession());
        command.addAll(List.of("/bin/sh", "-c", SCRIPT, "spillway-redis"));
        command.addAll(List.of(server.toString(), configuration.toString(), log.toString(), remove.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear(); // ours may hold secrets that Redis has no need of
        builder.environment().put("PATH", "/usr/bin:/bin");
        var shell = builder.start();
        var firstLine = new BufferedReader(shell.inputReader(StandardCharsets.UTF_8)).readLine();
        try {
            return new RedisKeeper(shell, Long.parseLong(String.valueOf(firstLine)));
        } catch (NumberFormatException complaint) {
            shell.destroyForcibly();
            throw new IOException("the shell that should start Redis said: " + firstLine, complaint);
        }
    }

    /** Linux has setsid; macOS has not, but has perl. Without either the server shares our process group. */
    private static List<String> ownSession() {
        for (var setsid : List.of("/usr/bin/setsid", "/bin/setsid")) {
            if (Files.isExecutable(Path.of(setsid))) {
                return List.of(setsid);
            }
        }
        return Files.isExecutable(Path.of("/usr/bin/perl"))
                ? List.of("/usr/bin/perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV")
                : List.of();
    }

    long serverPid() {
        return serverPid;
    }

    Process shell() {
        return shell;
    }

    /** Asks the server to end, kills it when it does not, and returns when it is gone. */
    void stop() throws IOException, InterruptedException {
        shell.getOutputStream().close();
        if (!shell.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            kill();
        }
    }

    /** Kills the server without a word, and returns when it is gone. */
    void kill() throws InterruptedException {
        if (shell.isAlive()) {
            ProcessHandle.of(serverPid).ifPresent(ProcessHandle::destroyForcibly);
            if (!shell.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                shell.destroyForcibly().waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
            }
        }
    }
}
