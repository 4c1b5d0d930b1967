// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Spillway's heap, as its own meters show it. */
final class Heap {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String USED = "jvm_memory_used_bytes{";

    private final Contender spillway;

    Heap(Contender spillway) {
        this.spillway = spillway;
    }

    /** Bytes in use now; 0 if the meters do not answer. */
    long used() {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + spillway.opsPort() + "/metrics"))
                .timeout(PATIENCE)
                .build();
        try (var http = HttpClient.newHttpClient()) {
            return used(http.send(request, BodyHandlers.ofString()).body());
        } catch (IOException unanswered) {
            return 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Bytes in use after a full collection. */
    long afterCollection() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var collection = new ProcessBuilder(
                        jcmd, Long.toString(spillway.child().handle().pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!collection.waitFor(30, TimeUnit.SECONDS)) {
            collection.destroyForcibly();
        }
        return used();
    }

    /** The heap's share of a scrape. */
    static long used(String scrape) {
        return (long) scrape.lines()
                .filter(line -> line.startsWith(USED) && line.contains("area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
