// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Starts contenders, each on a free port of loopback, and waits until it answers a webhook with 200. */
final class Starter {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NPM_SECONDS = 300;
    private static final Path NGINX_MODULES = Path.of("/usr/lib/nginx/modules");
    private static final String[] NGINX_PACKAGES = {"nginx", "libnginx-mod-http-lua", "lua-nginx-redis", "lua-cjson"};

    private final BenchSettings settings;
    private final Tools tools;
    private final Durability durability;
    private final int redisPort;
    private final Path folder;

    Starter(BenchSettings settings, Tools tools, Durability durability, int redisPort, Path folder) {
        this.settings = settings;
        this.tools = tools;
        this.durability = durability;
        this.redisPort = redisPort;
        this.folder = folder;
    }

    Contender start(String name) throws Skipped, IOException, InterruptedException {
        var own = Files.createDirectories(folder.resolve(name));
        var port = Ports.free();
        var contender =
                switch (name) {
                    case Contender.SPILLWAY -> spillway(own, port);
                    case Contender.NGINX -> nginx(own, port);
                    case Contender.NODE -> node(own, port);
                    case Contender.BARE -> bare(own, port);
                    default -> throw new Skipped("no contender has this name");
                };
        try {
            var request = new Bodies("ready", System.currentTimeMillis(), 1).request(0);
            Ports.awaitOk(port, request, contender.child(), PATIENCE);
            return contender;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            contender.close();
            throw failed;
        }
    }

    /** A worker alone, with the bot {@code echo}, ready. */
    Contender worker() throws Skipped, IOException, InterruptedException {
        var opsPort = Ports.free();
        var config = folder.resolve("worker.yaml");
        fill("worker.yaml", config, Map.of("ops", "" + opsPort, "durability", durability.spillway()));
        var child = Child.start("worker", folder, java("-jar", jar().toString(), "run", "--config", config.toString()));
        try {
            var ready = "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
            Ports.awaitOk(opsPort, ready.getBytes(StandardCharsets.US_ASCII), child, PATIENCE);
            return new Contender(Contender.SPILLWAY, 0, opsPort, child, List.of(), List.of());
        } catch (IOException | InterruptedException | RuntimeException failed) {
            child.close();
            throw failed;
        }
    }

    private Path jar() throws Skipped {
        var jar = settings.jar();
        if (!Files.exists(jar)) {
            throw new Skipped("there is no " + jar + ": build it first (mvn package)");
        }
        return jar;
    }

    private Contender spillway(Path own, int port) throws Skipped, IOException {
        var opsPort = Ports.free();
        var config = own.resolve("spillway.yaml");
        fill(
                "spillway.yaml",
                config,
                Map.of("port", "" + port, "ops", "" + opsPort, "durability", durability.spillway()));
        var child = Child.start(
                Contender.SPILLWAY, own, java("-jar", jar().toString(), "run", "--config", config.toString()));
        var streams = partitions("g1:in:");
        var keys =
                Stream.concat(streams.stream(), partitions("g1:ctr:").stream()).toList();
        return new Contender(Contender.SPILLWAY, port, opsPort, child, streams, keys);
    }

    private Contender nginx(Path own, int port) throws Skipped, IOException, InterruptedException {
        var nginx = tools.program("nginx", NGINX_PACKAGES);
        tools.file(NGINX_MODULES.resolve("ngx_http_lua_module.so"), NGINX_PACKAGES);
        tools.file(Path.of("/usr/share/lua/5.1/nginx/redis.lua"), NGINX_PACKAGES);
        fill("ingest.lua", own.resolve("ingest.lua"), Map.of());
        var config = own.resolve("nginx.conf");
        var isRoot = System.getProperty("user.name").equals("root");
        fill(
                "nginx.conf",
                config,
                Map.of(
                        "modules",
                        NGINX_MODULES.toString(),
                        // Or its workers could not read their own folder.
                        "user",
                        isRoot ? "user root;" : "",
                        "folder",
                        own.toString(),
                        "port",
                        "" + port));
        var child = Child.start(
                Contender.NGINX, own, List.of(nginx.toString(), "-p", own.toString(), "-c", config.toString()));
        var streams = Contender.sixteen("nginx:in:");
        return new Contender(Contender.NGINX, port, 0, child, streams, streams);
    }

    private Contender node(Path own, int port) throws Skipped, IOException, InterruptedException {
        var node = tools.program("node", "nodejs", "npm");
        // Kept between runs: what is there already need not be fetched again.
        var project = Files.createDirectories(settings.reports().resolve("node"));
        fill("package.json", project.resolve("package.json"), Map.of());
        fill("server.mjs", project.resolve("server.mjs"), Map.of());
        if (!Files.exists(project.resolve("node_modules/ioredis"))) {
            npmInstall(project);
        }
        var child = Child.start(
                Contender.NODE,
                own,
                List.of(
                        node.toString(),
                        project.resolve("server.mjs").toString(),
                        "" + port,
                        "" + redisPort,
                        Bodies.SECRET));
        var streams = Contender.sixteen("node:in:");
        return new Contender(Contender.NODE, port, 0, child, streams, streams);
    }

    private void npmInstall(Path project) throws Skipped, IOException, InterruptedException {
        if (!settings.install()) {
            throw new Skipped("Fastify and ioredis are not installed in " + project + ", and bench.install is false");
        }
        var npm = tools.program("npm", "npm");
        try {
            Child.run("npm", project, List.of(npm.toString(), "install", "--no-audit", "--no-fund"), NPM_SECONDS);
        } catch (IOException failed) {
            throw new Skipped("npm install failed: " + failed.getMessage());
        }
    }

    // The very same Vert.x as the gateway's: out of its lib folder.
    private Contender bare(Path own, int port) throws IOException {
        var target = settings.root().resolve("load-tests/target/test-classes");
        var lib = settings.root().resolve("gateway/target/lib");
        var child = Child.start(
                Contender.BARE, own, java("-cp", target + ":" + lib + "/*", BareServer.class.getName(), "" + port));
        return new Contender(Contender.BARE, port, 0, child, List.of(), List.of());
    }

    private List<String> java(String... program) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(settings.jvmFlags());
        command.addAll(List.of(program));
        return command;
    }

    private List<String> partitions(String prefix) {
        return IntStream.range(0, settings.partitions())
                .mapToObj(partition -> prefix + "{p" + partition + "}")
                .toList();
    }

    /** Copies a file of ours, with the words between {@code @} filled in. */
    private void fill(String resource, Path file, Map<String, String> words) throws IOException {
        try (var in = Starter.class.getResourceAsStream("/bench/" + resource)) {
            if (in == null) {
                throw new IOException("no " + resource + " on the class path");
            }
            if (words.isEmpty()) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                return;
            }
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (var word : words.entrySet()) {
                text = text.replace("@" + word.getKey() + "@", word.getValue());
            }
            text = text.replace("@redis@", "" + redisPort)
                    .replace("@secret@", Bodies.SECRET)
                    .replace("@partitions@", "" + settings.partitions());
            Files.writeString(file, text);
        }
    }
}
