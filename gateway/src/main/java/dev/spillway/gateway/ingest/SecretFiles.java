// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the apps' secret files again and again, so that a secret is rotated without a restart.
 *
 * <p>By asking, not by a watch: Kubernetes swaps a symbolic link two directories up, and a network file system tells
 * nobody. Threads: reads on a worker thread, one reading at a time.
 */
final class SecretFiles {
    static final long EVERY_MILLIS = 2_000;

    private static final Logger log = LoggerFactory.getLogger(SecretFiles.class);

    private final List<App> apps;
    private final IngestMetrics metrics;
    private final AtomicBoolean reading = new AtomicBoolean();
    /** Names of the apps with a file that could not be read the last time; the reading thread's. */
    private final Set<String> troubled = new HashSet<>();

    SecretFiles(Collection<App> apps, IngestMetrics metrics) {
        this.apps = apps.stream().filter(App::isFromFiles).toList();
        this.metrics = metrics;
    }

    /** Begins, if any secret is in a file; ends with the context it was called on. */
    void watch(Vertx vertx) {
        if (!apps.isEmpty()) {
            vertx.setPeriodic(EVERY_MILLIS, ignored -> {
                // A file system that hangs holds one thread, not one more every time.
                if (reading.compareAndSet(false, true)) {
                    vertx.executeBlocking(() -> {
                                readAll();
                                return null;
                            })
                            .onComplete(alsoIgnored -> reading.set(false));
                }
            });
        }
    }

    void readAll() {
        apps.forEach(this::read);
    }

    private void read(App app) {
        var read = app.reread();
        metrics.secretsRead(read);
        if (read.changed()) {
            log.atInfo().addKeyValue("app", app.name()).log("Secrets were replaced");
        }
        if (read.unreadable() && troubled.add(app.name())) {
            log.atError().addKeyValue("app", app.name()).log("A secret file cannot be read; its old text stays");
        } else if (!read.unreadable() && troubled.remove(app.name())) {
            log.atInfo().addKeyValue("app", app.name()).log("All secret files can be read again");
        }
    }
}
