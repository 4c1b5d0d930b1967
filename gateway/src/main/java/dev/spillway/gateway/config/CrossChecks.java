// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at keys together. Works on the resolved text, so that its findings stand in one list with those about single
 * keys; a key that is missing or wrong was reported there, and is passed over here.
 */
final class CrossChecks {
    private final Map<String, String> texts;
    private final Read read;

    private CrossChecks(Map<String, String> texts, Read read) {
        this.texts = texts;
        this.read = read;
    }

    static void check(Map<String, String> texts, Read read, Set<String> builtInBots) {
        var checks = new CrossChecks(texts, read);
        checks.ports();
        checks.redis();
        checks.renewal();
        checks.botCount();
        for (var page : checks.names("pages")) {
            checks.page(KeyPath.of("pages", page));
        }
        for (var bot : checks.names("bots")) {
            checks.bot(bot, KeyPath.of("bots", bot), builtInBots);
        }
    }

    /** Each role's port must be its own, as one process opens them all. */
    private void ports() {
        var roles = list(KeyPath.of("roles"));
        var open = new ArrayList<KeyPath>();
        if (roles.contains("ingest")) {
            open.add(KeyPath.of("http", "port"));
        }
        open.add(KeyPath.of("ops", "port"));
        if (roles.contains("worker")) {
            open.add(KeyPath.of("bots-api", "port"));
        }
        var taken = new TreeMap<String, KeyPath>();
        for (var key : open) {
            var port = text(key);
            if (port.isPresent() && !port.get().equals("0")) {
                var first = taken.putIfAbsent(port.get(), key);
                if (first != null) {
                    problem(key, port.get(), "another port than that of " + first);
                }
            }
        }
    }

    private void redis() {
        var at = KeyPath.of("redis", "uri");
        text(at).ifPresent(uri -> {
            var cluster = text(KeyPath.of("redis", "mode")).equals(Optional.of("cluster"));
            if (RedisUri.isSentinel(uri)) {
                if (cluster) {
                    problem(KeyPath.of("redis", "mode"), "cluster", "standalone, as redis.uri names sentinels");
                }
                if (!RedisUri.namesPrimary(uri)) {
                    problem(at, Problem.HIDDEN, "the name of the primary too, as ?sentinelMasterId=NAME or #NAME");
                }
            } else if (RedisUri.hasSeveralHosts(uri) && !cluster) {
                problem(at, Problem.HIDDEN, "one host; several are for redis.mode: cluster, or redis-sentinel://");
            }
            if (cluster && RedisUri.hasDatabase(uri)) {
                problem(at, Problem.HIDDEN, "no database, as a cluster has only the first");
            }
            if (RedisUri.changesVerification(uri)) {
                problem(at, Problem.HIDDEN, "no verifyPeer: the server's certificate and host name are always checked");
            }
            tls(RedisUri.isTls(uri));
        });
    }

    private void tls(boolean asked) {
        var tls = KeyPath.of("redis", "tls");
        for (var file : List.of("ca-file", "certificate-file", "key-file")) {
            if (text(tls.then(file)).isPresent() && !asked) {
                problem(tls.then(file), "given", "redis.uri with rediss:// or rediss-sentinel://");
            }
        }
        if (text(tls.then("certificate-file")).isPresent()
                != text(tls.then("key-file")).isPresent()) {
            problem(tls.then("key-file"), "alone", "both certificate-file and key-file, or none");
        }
    }

    private void renewal() {
        var renewEvery = KeyPath.of("stream", "renew-every");
        var every = text(renewEvery).map(Duration::parse);
        var life = text(KeyPath.of("stream", "lease-ttl")).map(Duration::parse);
        if (every.isPresent() && life.isPresent() && every.get().multipliedBy(3).compareTo(life.get()) > 0) {
            var written = Optional.ofNullable(read.given().get(renewEvery))
                    .map(given -> given.values().getFirst());
            problem(renewEvery, written.orElse("default"), "at most a third of stream.lease-ttl");
        }
    }

    private void botCount() {
        var count = names("bots").size();
        if (count > Settings.BOTS_MAX) {
            problem(
                    KeyPath.of("bots"),
                    count + " bots",
                    "at most " + Settings.BOTS_MAX + ", as each reads every event; one may serve many pages");
        }
    }

    private void page(KeyPath page) {
        var app = page.then("app");
        text(app)
                .filter(name -> !names("apps").contains(name))
                .ifPresent(name -> problem(app, Shown.of(name), "an app under spillway.apps" + oneOf(names("apps"))));
    }

    private void bot(String name, KeyPath bot, Set<String> builtInBots) {
        for (var page : list(bot.then("pages"))) {
            if (!names("pages").contains(page)) {
                problem(bot.then("pages"), Shown.of(page), "pages under spillway.pages");
            }
        }
        for (var kind : list(bot.then("kinds"))) {
            if (!EventKinds.ALL.contains(kind)) {
                var nearest = Nearest.to(kind, EventKinds.ALL).map(known -> ", perhaps " + known);
                problem(bot.then("kinds"), Shown.of(kind), "kinds of events" + nearest.orElse(""));
            }
        }
        var kind = text(bot.then("kind"));
        if (kind.equals(Optional.of("built-in")) && !builtInBots.contains(name)) {
            problem(bot, "no such built-in bot", "the name of one" + oneOf(builtInBots));
        }
        if (kind.equals(Optional.of("push"))) {
            needed(bot.then("url"), new ValueType.Url().words() + ", as the bot is of kind push");
            needed(bot.then("secret"), "a secret, here or in secret-file, as the bot is of kind push");
        }
    }

    private void needed(KeyPath key, String expectation) {
        var file = key.sibling(key.segments().getLast() + "-file");
        if (text(key).isEmpty()
                && !read.given().containsKey(key)
                && !read.given().containsKey(file)) {
            read.problem(key, Problem.MISSING, expectation, "");
        }
    }

    private Set<String> names(String map) {
        return read.entries(KeyPath.of(map));
    }

    private Optional<String> text(KeyPath key) {
        return Optional.ofNullable(texts.get(key.toString()));
    }

    private List<String> list(KeyPath key) {
        var prefix = key + "[";
        return texts.entrySet().stream()
                .filter(text -> text.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void problem(KeyPath key, String value, String expectation) {
        var given = read.given().get(key);
        read.problem(key, value, expectation, given == null ? "" : given.place());
    }

    private static String oneOf(Set<String> names) {
        return names.isEmpty()
                ? ""
                : ": " + String.join(", ", names.stream().sorted().toList());
    }
}
