// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that can be set, as one immutable tree. {@code docs/configuration.md} lists every key.
 *
 * <p>A key is the method's name in lower case with hyphens, under {@code spillway}: {@code botsApi().port()} is
 * {@code spillway.bots-api.port}, and {@code SPILLWAY_BOTS_API_PORT} in the environment.
 */
@ConfigMapping(prefix = "spillway")
public interface Settings extends Tuning {

    /** Reads the file, lets the environment of this process override it, and checks everything. */
    static Loaded load(Path yaml) {
        return load(yaml, System.getenv());
    }

    /** Reads the file, lets the environment override it, and checks everything. Blocks on the file system. */
    static Loaded load(Path yaml, Map<String, String> environment) {
        return Loader.load(yaml, environment);
    }

    /** Reads the text of a file, without an environment. Secret files are found from the working directory. */
    static Loaded parse(String yaml) {
        return parse(yaml, BUILT_IN_BOTS);
    }

    /** Like {@link #parse(String)}, where other in-process bots than Spillway's own may be named. */
    static Loaded parse(String yaml, Set<String> builtInBots) {
        return Loader.parse(yaml, Map.of(), Path.of(""), builtInBots);
    }

    /** The bots of kind {@code built-in} that Spillway brings. */
    Set<String> BUILT_IN_BOTS = Set.of("peter", "echo");

    /** Each is a subscription, which reads every event. */
    int BOTS_MAX = 16;

    /** What this process does. */
    @WithDefault("ingest,worker,dispatch")
    Set<Role> roles();

    /** The public port: webhooks and nothing else. */
    @Defaults({"host=0.0.0.0", "port=8080"})
    Listener http();

    /** The operators' port: health, metrics, API. */
    @Defaults({"host=0.0.0.0", "port=8081"})
    Ops ops();

    /** The port where bots outside the JVM pull, stream and reply. */
    @Defaults({"host=0.0.0.0", "port=8082"})
    Listener botsApi();

    Redis redis();

    /** Into how many streams conversations are spread; fixed for the life of an installation. */
    @WithDefault("64")
    @Between(min = "1", max = "1024")
    int partitions();

    /** The platform's apps by our name for them; the name is the last part of the webhook's path. */
    @Matching(pattern = Matching.NAME, words = Matching.NAME_IN_WORDS)
    Map<String, App> apps();

    Graph graph();

    /** Pages, professional accounts and phone number ids, by the platform's id. */
    @Matching(pattern = "[0-9]{1,32}", words = "a page id: up to 32 digits")
    Map<String, Page> pages();

    /** The bots by name; each is a subscription. */
    @Matching(pattern = Matching.NAME, words = Matching.NAME_IN_WORDS)
    Map<String, Bot> bots();

    Limits limits();

    /** One of the three jobs that a process may do. */
    enum Role {
        /** Takes webhooks in. */
        INGEST,
        /** Runs the bots. */
        WORKER,
        /** Sends replies to the Graph API. */
        DISPATCH
    }

    /** Where a server listens. */
    interface Listener {
        @Matching(pattern = "[A-Za-z0-9._:-]{1,255}", words = "a host name or an IP address")
        String host();

        /** 0 lets the system choose a free one. */
        @Between(min = "0", max = "65535")
        int port();
    }

    /** The operators' port. */
    interface Ops extends Listener {
        /** What a caller of the API must present; without it the API asks for nothing. */
        Optional<Secret> token();
    }

    /** The store. */
    interface Redis {
        RedisUri uri();

        /** Whether the URI names a Redis Cluster. A sentinel is known by its URI. */
        @WithDefault("standalone")
        Mode mode();

        /** ACL user; wins over a user in the URI. */
        Optional<String> username();

        /** Wins over a password in the URI. */
        Optional<Secret> password();

        /** What must have happened to an event before a webhook is answered with 200. */
        @WithDefault("fsync")
        Durability durability();

        /** In the replicated modes: how many replicas must have the event. */
        @WithDefault("1")
        @Between(min = "1", max = "8")
        int replicas();

        /** For {@code rediss://}. The server's certificate and its host name are always checked. */
        Tls tls();

        /** How the sentinels let us in, where they ask for it; the user and password above are for Redis itself. */
        Sentinel sentinel();

        /** How Redis is laid out. */
        enum Mode {
            STANDALONE,
            CLUSTER
        }
    }

    /** Certificates, in PEM form. */
    interface Tls {
        /** Whom to trust; absent means whom the Java runtime trusts. */
        Optional<PemFile> caFile();

        /** Our own certificate, where Redis asks for one. */
        Optional<PemFile> certificateFile();

        /** Its key: PKCS #8, without a password. */
        Optional<PemFile> keyFile();
    }

    /** How sentinels let us in. */
    interface Sentinel {
        Optional<String> username();

        Optional<Secret> password();
    }

    /** When an event counts as stored, from weakest to strongest. */
    enum Durability {
        /** In Redis's memory; for development. */
        MEMORY,
        /** In a file that is synced once a second. */
        EVERYSEC,
        /** Synced to disk. */
        FSYNC,
        /** In the memory of replicas too. */
        REPLICATED,
        /** Synced to disk on replicas too. */
        FSYNC_REPLICATED
    }

    /** An app of the platform, whose webhooks come to {@code /webhooks/<name>}. */
    interface App {
        /** App secrets; a signature by any of them is genuine, so that a secret can be rotated. */
        List<Secret> secrets();

        /** What the platform must present when it asks whether the webhook is ours. */
        Secret verifyToken();
    }

    /** Where replies are sent to. */
    interface Graph {
        @WithDefault("https://graph.facebook.com")
        URI baseUrl();

        @WithDefault("v26.0")
        @Matching(pattern = "v[0-9]{1,3}\\.[0-9]{1,2}", words = "a version like v26.0")
        String version();
    }

    /** A page, professional account or phone number id. */
    interface Page {
        /** The name of its app. */
        String app();

        /** The access token replies are sent with. */
        Secret token();

        @WithDefault("messenger")
        Channel channel();
    }

    /** The product a page belongs to. */
    enum Channel {
        MESSENGER,
        INSTAGRAM,
        WHATSAPP
    }

    /** A bot, and which events it gets. */
    interface Bot {
        BotKind kind();

        /** Whose events; absent means every page's. */
        Optional<List<String>> pages();

        /** Which events, by kind, and {@code standby}; absent means all but echo, delivery, read and standby. */
        Optional<List<String>> kinds();

        /**
         * How long a person must be quiet before the bot gets their messages, all of them at once; at most four times as
         * long for the first. 0 gives each as it comes.
         */
        @WithDefault("0s")
        @Between(min = "0s", max = "30s")
        Duration coalesce();

        /** What happens when this bot is so slow that the store fills up. */
        @WithDefault("refuse")
        OnFull onFull();

        /** Where a new subscription starts to read. */
        @WithDefault("beginning")
        Start start();

        /** Push: where events are posted to. */
        Optional<URI> url();

        /** Push: what requests are signed with. */
        Optional<Secret> secret();

        /** Push: whether the URL may lead to a private address. */
        @WithDefault("false")
        boolean allowPrivate();
    }

    /** How a bot is reached. */
    enum BotKind {
        /** Part of this process; its name says which. */
        BUILT_IN,
        /** Gets signed POST requests. */
        PUSH
    }

    /** What a full store means to a bot's subscription. */
    enum OnFull {
        /** Webhooks get 503, and nothing is lost. */
        REFUSE,
        /** The oldest events of this subscription are skipped and counted. */
        SKIP
    }

    /** Where a new subscription starts. */
    enum Start {
        /** At the oldest event still in the store. */
        BEGINNING,
        /** At the first event that comes after it. */
        NOW
    }

    /** How fast each page may send. The defaults are the platform's figures. */
    interface Limits {
        /** Text, links, reactions, stickers. */
        @Defaults({"permits=300", "window=1s"})
        Limit text();

        /** Audio and video. */
        @Defaults({"permits=10", "window=1s"})
        Limit media();

        /** Messages of every class: the platform's high-volume threshold. Raise it knowingly. */
        @Defaults({"permits=40", "window=1s"})
        Limit total();

        /** Per conversation. */
        @Defaults({"permits=10", "window=1s"})
        Limit thread();
    }

    /** At most so many in any such stretch of time. */
    interface Limit {
        @Between(min = "1", max = "1000000")
        int permits();

        @Between(min = "1ms", max = "1d")
        Duration window();
    }
}
