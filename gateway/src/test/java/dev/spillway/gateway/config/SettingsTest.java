// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.config.Settings.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final String LEAST = """
        spillway:
          redis: { uri: redis://localhost:6379 }
        """;

    @Test
    void little_needs_to_be_given_and_the_rest_has_defaults() {
        var settings = ready(LEAST);

        assertThat(settings.roles()).containsExactlyInAnyOrder(Role.values());
        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.ops().port()).isEqualTo(8081);
        assertThat(settings.ops().token()).isEmpty();
        assertThat(settings.botsApi().host()).isEqualTo("0.0.0.0");
        assertThat(settings.redis().durability()).isEqualTo(Settings.Durability.FSYNC);
        assertThat(settings.partitions()).isEqualTo(64);
        assertThat(settings.apps()).isEmpty();
        assertThat(settings.graph().baseUrl()).isEqualTo(URI.create("https://graph.facebook.com"));
        assertThat(settings.limits().text().permits()).isEqualTo(300);
        assertThat(settings.limits().total().permits()).isEqualTo(40);
        assertThat(settings.limits().thread().window()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.ingest().holdMax()).isEqualTo(Duration.ofSeconds(4));
        assertThat(settings.ingest().bodyBytesMax()).isEqualTo(1 << 20);
        assertThat(settings.ingest().inFlightBytesMax()).isEqualTo(64L << 20);
        assertThat(settings.stream().leaseTtl()).isEqualTo(Duration.ofSeconds(6));
        assertThat(settings.worker().attemptsMax()).isEqualTo(5);
        assertThat(settings.dispatch().sendTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.drain().endpoints()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void the_example_of_the_documentation_is_read_whole() {
        var settings = ready(Resources.text("spillway-example.yaml"));

        assertThat(settings.ops().token()).contains(Secret.of("an-ops-token"));
        assertThat(Entry.of(settings.apps(), "demo").secrets())
                .containsExactly(Secret.of("the-new-app-secret"), Secret.of("the-old-app-secret"));
        assertThat(Entry.of(settings.apps(), "demo").verifyToken()).isEqualTo(Secret.of("a-verify-token"));
        assertThat(settings.pages()).containsOnlyKeys("100200300400500", "100200300400501");
        assertThat(Entry.of(settings.pages(), "100200300400500").channel()).isEqualTo(Settings.Channel.MESSENGER);
        assertThat(Entry.of(settings.pages(), "100200300400501").channel()).isEqualTo(Settings.Channel.INSTAGRAM);
        assertThat(Entry.of(settings.bots(), "peter").kind()).isEqualTo(Settings.BotKind.BUILT_IN);
        assertThat(Entry.of(settings.bots(), "peter").pages()).isEmpty();
        assertThat(Entry.of(settings.bots(), "peter").kinds()).isEmpty();
        var shop = Entry.of(settings.bots(), "shop");
        assertThat(shop.kind()).isEqualTo(Settings.BotKind.PUSH);
        assertThat(shop.url()).contains(URI.create("https://bot.example/events"));
        assertThat(shop.secret()).isPresent();
        assertThat(shop.pages()).contains(List.of("100200300400500"));
        assertThat(shop.kinds()).contains(List.of("message", "postback"));
        assertThat(shop.onFull()).isEqualTo(Settings.OnFull.SKIP);
        assertThat(shop.start()).isEqualTo(Settings.Start.BEGINNING);
        assertThat(shop.allowPrivate()).isFalse();
    }

    @Test
    void every_problem_is_reported_at_once_with_key_value_and_expectation() {
        var problems = problems("""
            spillway:
              roles: [ingest, werker]
              http: { port: 99999 }
              redis: { durability: fsnc }
              partitions: 0
              apps:
                demo: { secrets: [] }
              pages:
                "1": { app: demmo }
              ingest: { hold-max: soon }
              stream: { lease-ttl: 1h }
              worker: { attempts-max: many }
            """);

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "spillway.roles: werker (expected: ingest, worker, dispatch; line 2)",
                        "spillway.http.port: 99999 (expected: 0..65535; line 3)",
                        "spillway.redis.uri: missing (expected: redis://, rediss://, redis-sentinel:// or"
                                + " rediss-sentinel:// with a host and a port)",
                        "spillway.redis.durability: fsnc (expected: memory, everysec, fsync, replicated,"
                                + " fsync-replicated; line 4)",
                        "spillway.partitions: 0 (expected: 1..1024; line 5)",
                        "spillway.apps.demo.secrets: missing (expected: a secret in one line, here or in"
                                + " secrets-files)",
                        "spillway.apps.demo.verify-token: missing (expected: a secret in one line, here or in"
                                + " verify-token-file)",
                        "spillway.pages.1.token: missing (expected: a secret in one line, here or in token-file)",
                        "spillway.pages.1.app: demmo (expected: an app under spillway.apps: demo; line 9)",
                        "spillway.ingest.hold-max: soon (expected: 0s..10s; line 10)",
                        "spillway.stream.lease-ttl: 1h (expected: 2s..60s; line 11)",
                        "spillway.worker.attempts-max: many (expected: 1..100; line 12)");
    }

    @Test
    void an_unknown_key_comes_with_the_one_that_was_probably_meant_and_without_its_value() {
        assertThat(problems(LEAST + """
              pages:
                "7": { app: a, tokn: EAAG-hidden }
              botsapi: { port: 1 }
              zzz: 1
            extra: EAAG-hidden
            """))
                .contains(
                        "spillway.pages.7.tokn: unknown key (expected: perhaps spillway.pages.7.token; line 4)",
                        "spillway.botsapi: unknown key (expected: perhaps spillway.bots-api; line 5)",
                        "extra: unknown key (expected: spillway; line 7)")
                .anyMatch(problem -> problem.startsWith("spillway.zzz: unknown key (expected: one of apps, bots,"))
                .noneMatch(problem -> problem.contains("EAAG"));
    }

    @Test
    void a_key_given_twice_is_a_problem_and_not_a_lottery() {
        assertThat(problems(LEAST + """
              partitions: 8
              partitions: 16
              pages:
                "1": { app: a, token: t }
                1: { app: a, token: t }
            """))
                .contains(
                        "spillway.partitions: given twice (expected: each key once; line 4)",
                        "spillway.pages.1: given twice (expected: each key once; line 7)");
    }

    @Test
    void a_page_id_without_quotes_stays_the_digits_it_is() {
        var settings = ready(LEAST + """
              apps: { a: { secrets: [s], verify-token: v } }
              pages:
                0100200300400500: { app: a, token: t }
              bots:
                echo: { kind: built-in, pages: [0100200300400500] }
            """);

        assertThat(settings.pages()).containsOnlyKeys("0100200300400500");
        assertThat(Entry.of(settings.bots(), "echo").pages()).contains(List.of("0100200300400500"));
    }

    @Test
    void an_entry_without_any_key_is_still_there_and_misses_its_keys() {
        assertThat(problems(LEAST + "  pages: { \"5\": }\n  bots: { peter: {} }\n"))
                .containsExactlyInAnyOrder(
                        "spillway.pages.5.app: missing (expected: text)",
                        "spillway.pages.5.token: missing (expected: a secret in one line, here or in token-file)",
                        "spillway.bots.peter.kind: missing (expected: built-in, push)");
    }

    @Test
    void names_of_apps_bots_and_pages_have_a_shape() {
        assertThat(problems(LEAST + """
              apps: { "A b": { secrets: [s], verify-token: v } }
              pages: { me: { app: a, token: t } }
            """))
                .containsExactly(
                        "spillway.apps.\"A b\": bad name (expected: up to 32 of a-z, 0-9 and -, not starting with -;"
                                + " line 3)",
                        "spillway.pages.me: bad name (expected: a page id: up to 32 digits; line 4)");
    }

    @Test
    void a_section_where_a_value_is_due_and_the_reverse_are_problems() {
        assertThat(problems(LEAST + """
              partitions: [1, 2]
              http: 8080
              roles: [[ingest]]
            """))
                .contains(
                        "spillway.partitions: not a value (expected: one value; line 3)",
                        "spillway.http: not a section (expected: keys and values below it; line 4)",
                        "spillway.roles: not a value (expected: a list of single values; line 5)");
    }

    @Test
    void a_bot_must_fit_its_kind_and_what_it_names_must_exist() {
        assertThat(problems(LEAST + """
              bots:
                nobody: { kind: built-in }
                shop: { kind: push, pages: [77], kinds: [messsage] }
                later: { kind: pull }
            """))
                .containsExactlyInAnyOrder(
                        "spillway.bots.nobody: no such built-in bot (expected: the name of one: echo, peter)",
                        "spillway.bots.shop.pages: 77 (expected: pages under spillway.pages; line 5)",
                        "spillway.bots.shop.kinds: messsage (expected: kinds of events, perhaps message; line 5)",
                        "spillway.bots.shop.url: missing (expected: an http or https URL without user info, as the"
                                + " bot is of kind push)",
                        "spillway.bots.shop.secret: missing (expected: a secret, here or in secret-file, as the bot"
                                + " is of kind push)",
                        "spillway.bots.later.kind: pull (expected: built-in, push; line 6)");
    }

    @Test
    void a_test_may_bring_its_own_built_in_bot() {
        var loaded = Settings.parse(LEAST + "  bots: { recorder: { kind: built-in } }\n", Set.of("recorder"));

        assertThat(loaded).isInstanceOf(Loaded.Ready.class);
    }

    @Test
    void more_bots_than_there_may_be_subscriptions_are_refused() {
        var names = IntStream.range(0, 17).mapToObj(bot -> "bot-" + bot).collect(Collectors.toSet());
        var each = names.stream().map(name -> name + ": { kind: built-in }").collect(Collectors.joining(", "));

        assertThat(lines(Settings.parse(LEAST + "  bots: { " + each + " }\n", names)))
                .containsExactly(
                        "spillway.bots: 17 bots (expected: at most 16, as each reads every event; one may serve"
                                + " many pages)");
    }

    @Test
    void ports_of_the_roles_of_one_process_must_differ_unless_the_system_chooses_them() {
        var same = "  http: { port: 9000 }\n  ops: { port: 9000 }\n";

        assertThat(problems(LEAST + same))
                .containsExactly(
                        "spillway.ops.port: 9000 (expected: another port than that of spillway.http.port; line 4)");
        assertThat(ready(LEAST + same + "  roles: [worker]\n").ops().port()).isEqualTo(9000);
        assertThat(ready(LEAST + same.replace("9000", "0")).http().port()).isZero();
    }

    @Test
    void a_sentinel_is_no_cluster_and_a_lease_outlives_two_missed_renewals() {
        assertThat(problems("""
            spillway:
              redis: { uri: 'redis-sentinel://a:26379,b:26379/0#main', mode: cluster }
              stream: { renew-every: 3s }
            """))
                .containsExactly(
                        "spillway.redis.mode: cluster (expected: standalone, as redis.uri names sentinels; line 2)",
                        "spillway.stream.renew-every: 3s (expected: at most a third of stream.lease-ttl; line 3)");
    }

    @Test
    void a_list_that_is_given_may_not_be_empty() {
        assertThat(problems(LEAST + "  roles: []\n"))
                .containsExactly("spillway.roles: empty (expected: at least one: ingest, worker, dispatch; line 3)");
    }

    @Test
    void nothing_in_a_secret_is_expanded_or_cut() {
        var settings = ready(LEAST + """
              ops: { token: '${user.home},${nothing}' }
              apps: { a: { secrets: 'one,\\two', verify-token: '${v}' } }
            """);

        assertThat(settings.ops().token()).map(Secret::reveal).contains("${user.home},${nothing}");
        assertThat(Entry.of(settings.apps(), "a").secrets())
                .extracting(Secret::reveal)
                .containsExactly("one,\\two");
        assertThat(Entry.of(settings.apps(), "a").verifyToken().reveal()).isEqualTo("${v}");
    }

    @Test
    void no_problem_shows_a_secret() {
        assertThat(problems("""
            spillway:
              redis: { uri: 'redis://user:pass-hidden@[broken', password: "pass\\thidden" }
              ops: { token: "tok\\nhidden" }
              graph: { base-url: 'https://user:pass-hidden@graph' }
              pages: { "1": { app: a, token-file: EAAG-hidden } }
            """))
                .hasSize(6)
                .noneMatch(problem -> problem.contains("hidden") || problem.contains("pass\t"));
    }

    @Test
    void broken_yaml_is_one_problem_with_its_place_and_without_its_text() {
        assertThat(problems("spillway:\n  ops: { token: EAAG-hidden\n  x"))
                .contains("spillway: unreadable (expected: one document of valid YAML; line 3, column 4)")
                .noneMatch(problem -> problem.contains("EAAG"));
        assertThat(problems("a: 1\n---\nb: 2\n")).anyMatch(problem -> problem.contains("one document"));
        assertThat(problems("- 1\n")).anyMatch(problem -> problem.contains("one document"));
        assertThat(problems("")).anyMatch(problem -> problem.startsWith("spillway.redis.uri: missing"));
    }

    @Test
    void a_file_that_refers_to_itself_ends() {
        assertThat(problems("spillway: &me\n  http: *me\n  redis: *me\n  bots: *me\n"))
                .isNotEmpty();
    }

    @Test
    void the_environment_wins_over_the_file_for_every_shape_of_key() {
        var settings = ready(
                Resources.text("spillway-example.yaml"),
                Map.ofEntries(
                        Map.entry("SPILLWAY_HTTP_PORT", "9090"),
                        Map.entry("SPILLWAY_BOTS_API_PORT", "9092"),
                        Map.entry("SPILLWAY_ROLES", "ingest, dispatch"),
                        Map.entry("SPILLWAY_LIMITS_TOTAL_PERMITS", "20"),
                        Map.entry("SPILLWAY_APPS_DEMO_SECRETS_0_", "third,with comma"),
                        Map.entry("SPILLWAY_PAGES_100200300400500_TOKEN", "t1"),
                        Map.entry("SPILLWAY_PAGES__100200300400501__TOKEN", "t2"),
                        Map.entry("SPILLWAY_BOTS_SHOP_ON_FULL", "refuse"),
                        Map.entry("SPILLWAY_OPS_TOKEN", ""),
                        Map.entry("UNRELATED", "1")));

        assertThat(settings.http().port()).isEqualTo(9090);
        assertThat(settings.botsApi().port()).isEqualTo(9092);
        assertThat(settings.roles()).containsExactlyInAnyOrder(Role.INGEST, Role.DISPATCH);
        assertThat(settings.limits().total().permits()).isEqualTo(20);
        assertThat(Entry.of(settings.apps(), "demo").secrets()).containsExactly(Secret.of("third,with comma"));
        assertThat(Entry.of(settings.pages(), "100200300400500").token()).isEqualTo(Secret.of("t1"));
        assertThat(Entry.of(settings.pages(), "100200300400501").token()).isEqualTo(Secret.of("t2"));
        assertThat(Entry.of(settings.bots(), "shop").onFull()).isEqualTo(Settings.OnFull.REFUSE);
        assertThat(settings.ops().token()).contains(Secret.of("an-ops-token"));
    }

    @Test
    void the_environment_alone_can_make_a_page_and_a_bot() {
        var settings = ready(
                "",
                Map.of(
                        "SPILLWAY_REDIS_URI", "redis://r:6379",
                        "SPILLWAY_APPS_MY_APP_SECRETS_0_", "s0",
                        "SPILLWAY_APPS_MY_APP_SECRETS_1_", "s1",
                        "SPILLWAY_APPS_MY_APP_VERIFY_TOKEN", "v",
                        "SPILLWAY_PAGES_42_APP", "my-app",
                        "SPILLWAY_PAGES_42_TOKEN", "t",
                        "SPILLWAY_BOTS_ECHO_KIND", "built-in",
                        "SPILLWAY_BOTS_ECHO_PAGES_0_", "42"));

        assertThat(settings.apps()).containsOnlyKeys("my-app");
        assertThat(Entry.of(settings.apps(), "my-app").secrets()).containsExactly(Secret.of("s0"), Secret.of("s1"));
        assertThat(settings.pages()).containsOnlyKeys("42");
        assertThat(Entry.of(settings.bots(), "echo").pages()).contains(List.of("42"));
    }

    @Test
    void a_misspelt_variable_is_a_problem_and_one_that_kubernetes_adds_is_not() {
        var loaded = load(
                LEAST,
                Map.of(
                        "SPILLWAY_HTTP_PROT", "9",
                        "SPILLWAY_SERVICE_HOST", "10.0.0.1",
                        "SPILLWAY_PORT_8080_TCP_ADDR", "10.0.0.1",
                        "SPILLWAY_PORT", "tcp://10.0.0.1:8080"));

        assertThat(lines(loaded))
                .containsExactly("SPILLWAY_HTTP_PROT: unknown variable (expected: perhaps SPILLWAY_HTTP_PORT;"
                        + " environment)");
    }

    @Test
    void a_bad_value_of_the_environment_names_its_variable() {
        assertThat(lines(load(LEAST, Map.of("SPILLWAY_OPS_PORT", "tcp://10.0.0.1:8081"))))
                .containsExactly("spillway.ops.port: tcp://10.0.0.1:8081 (expected: 0..65535; SPILLWAY_OPS_PORT)");
    }

    @Test
    void nothing_that_is_printed_has_a_secret_in_it() {
        var settings = ready("""
            spillway:
              redis: { uri: 'rediss://user:pass-hidden@host:6380/0', password: other-hidden }
              ops: { token: tok-hidden }
            """);

        assertThat(settings.redis().uri()).hasToString("rediss://***@host:6380/0");
        assertThat(settings.redis().uri().reveal()).contains("pass-hidden");
        assertThat(settings.redis().password()).hasToString("Optional[***]");
        assertThat(settings.toString() + settings.ops() + settings.redis()).doesNotContain("hidden");
    }

    private static Settings ready(String yaml) {
        return ready(yaml, Map.of());
    }

    private static Settings ready(String yaml, Map<String, String> environment) {
        return switch (load(yaml, environment)) {
            case Loaded.Ready(var settings) -> settings;
            case Loaded.Refused(var problems) -> throw new AssertionError(problems);
        };
    }

    private static List<String> problems(String yaml) {
        return lines(load(yaml, Map.of()));
    }

    private static List<String> lines(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Ready ready -> List.of();
            case Loaded.Refused(var problems) ->
                problems.stream().map(Problem::toString).toList();
        };
    }

    private static Loaded load(String yaml, Map<String, String> environment) {
        return Loader.parse(yaml, environment, Path.of(""), Settings.BUILT_IN_BOTS);
    }
}
