// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.kit.RedisRig;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Users of Redis as {@code docs/redis.md} says they are to be made, each with the password {@code pass}. */
final class DocumentedUser {
    private static final Path DOC = Path.of("..", "docs", "redis.md");

    private DocumentedUser() {}

    /** Makes one on a server. */
    static void on(RedisRig server, String name) throws IOException {
        on(server, name, "", "");
    }

    /** Makes one with something changed. */
    static void on(RedisRig server, String name, String from, String to) throws IOException {
        var line = Files.readString(DOC)
                .lines()
                .filter(one -> one.startsWith("ACL SETUSER " + name + " "))
                .findFirst()
                .orElseThrow();
        var changed = line.replace("PASSWORD", "pass").replace(from, to);
        var words = List.of(changed.split(" ", -1));
        var arguments = new CommandArgs<>(StringCodec.UTF8);
        words.subList(1, words.size()).forEach(arguments::add);
        var answer = server.client().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
        if (!answer.equals("OK")) {
            throw new IllegalStateException(answer);
        }
    }
}
