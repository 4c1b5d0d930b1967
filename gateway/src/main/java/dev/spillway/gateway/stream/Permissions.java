// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.config.Settings.Redis;
import dev.spillway.gateway.config.Settings.Role;
import io.lettuce.core.ScriptOutputType;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The commands that a process needs of Redis, each with arguments as they are used, so that the server itself can say
 * whether its user may. {@code docs/redis.md} has the same as {@code ACL SETUSER} lines, and a test compares them.
 */
record Permissions(List<String> commands) {
    private static final String EVERY_ROLE = """
        INFO
        CLIENT|ID
        HSETNX g1:meta version 1
        HMGET g1:meta version
        EVAL text 1 g1:meta
        EVALSHA sha 1 g1:meta
        """;

    private static final String INGEST = """
        XADD g1:in:{p0} * n 1
        HINCRBY g1:ctr:{p0} added 1
        MEMORY|USAGE g1:in:{p0}
        EXISTS g1:whole:{p0}
        HGET g1:jr:{p0} rid
        HSET g1:jr:{p0} rid row
        TIME
        XRANGE g1:qr:{p0} - +
        XTRIM g1:qr:{p0} MINID 1
        """;

    /** Those of partitions' holders: leases, streams, and the register. */
    private static final String HOLDER = """
        CLIENT|UNBLOCK 1
        DEL g1:members:s
        EXISTS g1:whole:{p0}
        EXPIRE g1:oncel:{p0}:s:m 1
        HDEL g1:jr:{p0} rid
        HEXISTS g1:meta dispatch
        HGET g1:subs name
        HGETALL g1:subs
        HINCRBY g1:ctr:{p0} fin 1
        HKEYS g1:ass:{p0}:s
        HLEN g1:once:{p0}:s:m:h1:0.0
        HSET g1:own:{p0}:s o owner
        MEMORY|USAGE g1:in:{p0}
        RENAME g1:as:{p0}:s:1 g1:as:{p0}:s:1
        TIME
        UNLINK g1:once:{p0}:s:m:h1:0.0
        XACK g1:in:{p0} s 1-0
        XADD g1:out:{p0} * n 1
        XGROUP|CREATE g1:in:{p0} s 0
        XGROUP|DESTROY g1:in:{p0} s
        XGROUP|SETID g1:in:{p0} s 0
        XINFO|GROUPS g1:in:{p0}
        XINFO|STREAM g1:in:{p0}
        XPENDING g1:in:{p0} s
        XRANGE g1:dl:{p0} - +
        XREAD COUNT 1 STREAMS g1:in:{p0} 0
        XREADGROUP GROUP s s COUNT 1 STREAMS g1:in:{p0} >
        XREVRANGE g1:in:{p0} + -
        XTRIM g1:in:{p0} MINID 1
        ZADD g1:members:s 1 process
        ZRANGE g1:members:s 0 -1
        ZREM g1:members:s process
        ZREMRANGEBYSCORE g1:members:s 0 1
        """;

    private static final String DISPATCH = """
        GET rl:signals:count
        HGETALL rl:{page}
        HMGET rl:{page} ts
        INCR rl:signals:count
        PEXPIRE rl:{page} 1
        PUBLISH rl:signals text
        SUBSCRIBE rl:signals
        """;

    private static final String REPLICATED = """
        WAIT 1 1
        """;

    private static final String REPLICATED_TO_DISK = """
        WAITAOF 0 1 1
        """;

    private static final String CLUSTER = """
        CLUSTER|SLOTS
        """;

    /** The client library's own view of a cluster, which the limiter uses. */
    private static final String CLUSTER_OF_LIMITER = """
        CLIENT|SETNAME name
        CLUSTER|MYID
        CLUSTER|NODES
        PING
        """;

    private static final Pattern CALL = Pattern.compile("redis\\.call\\('([A-Z]+)'(?:, '([A-Z]+)')?");
    private static final Set<String> CONTAINERS = Set.of("MEMORY", "XINFO", "XGROUP");

    /** What a process with these roles needs. */
    static Permissions of(Collection<Role> roles, boolean cluster, Redis redis) {
        var confirmed =
                switch (redis.durability()) {
                    case MEMORY, EVERYSEC, FSYNC -> "";
                    case REPLICATED -> REPLICATED;
                    case FSYNC_REPLICATED -> REPLICATED_TO_DISK;
                };
        var layout = !cluster ? "" : roles.contains(Role.DISPATCH) ? CLUSTER + CLUSTER_OF_LIMITER : CLUSTER;
        return new Permissions(Stream.concat(
                        Stream.of(EVERY_ROLE, confirmed, layout), roles.stream().map(Permissions::of))
                .flatMap(String::lines)
                .distinct()
                .toList());
    }

    private static String of(Role role) {
        return switch (role) {
            case INGEST -> INGEST;
            case WORKER -> HOLDER;
            case DISPATCH -> HOLDER + DISPATCH;
        };
    }

    /** What this server's user lacks, a sentence each; it may be that nothing is known of scripts' own rights. */
    Future<List<String>> missing(RedisLink link) {
        var asked = commands.stream()
                .map(command -> command.replace('|', ' ').getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return link.<List<Object>>call(
                        redis -> redis.eval(Script.PERMISSIONS.text(), ScriptOutputType.MULTI, new byte[0][], asked))
                .map(numbers -> numbers.stream()
                        .map(number -> sentence(commands.get((int) (long) (Long) number - 1)))
                        .toList());
    }

    private static String sentence(String command) {
        return AccessDenied.sentence("+" + rule(command) + keys(command) + " is missing for this user");
    }

    private static String keys(String command) {
        var words = List.of(command.split(" ", -1));
        return words.stream()
                .filter(word -> word.startsWith("g1:") || word.startsWith("rl:"))
                .findFirst()
                .map(key -> " with "
                        + (rule(command).equals("subscribe") || rule(command).equals("publish") ? "&" : "~")
                        + key.substring(0, 3) + "*")
                .orElse("");
    }

    /** As an ACL names it: {@code xgroup|create}. */
    static String rule(String command) {
        return List.of(command.split(" ", -1)).getFirst().toLowerCase(Locale.ROOT);
    }

    /** The rules of all commands, in order. */
    Set<String> rules() {
        return commands.stream().map(Permissions::rule).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rules of all commands that a script's text calls. */
    static Set<String> rulesIn(String script) {
        var rules = new TreeSet<String>();
        for (var call = CALL.matcher(script); call.find(); ) {
            var name = call.group(1);
            rules.add((CONTAINERS.contains(name) ? name + "|" + call.group(2) : name).toLowerCase(Locale.ROOT));
        }
        return rules;
    }

    /** The line that makes a user who may do this. */
    String acl(String user) {
        var keys = new ArrayList<String>(List.of("~g1:*"));
        if (commands.stream().anyMatch(command -> command.contains(" rl:"))) {
            keys.add("~rl:*");
            keys.add("&rl:*");
        }
        return "ACL SETUSER " + user + " reset on >PASSWORD " + String.join(" ", keys) + " "
                + rules().stream().map(rule -> "+" + rule).collect(Collectors.joining(" "));
    }
}
