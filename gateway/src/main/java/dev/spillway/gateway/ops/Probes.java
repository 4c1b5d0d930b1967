// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import dev.spillway.gateway.ops.Lifecycle.Phase;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kubernetes asks. Liveness knows nothing of Redis or the platform: a restart cures neither, and an outage must not
 * restart every pod.
 */
final class Probes {
    /** Far beyond any pause that ends by itself, and far below what a person would wait. */
    static final Duration STUCK_MAX = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(Probes.class);

    private final Lifecycle lifecycle;
    private final List<Check> checks;
    private final Supplier<Duration> stuck;

    Probes(Lifecycle lifecycle, List<Check> checks, Supplier<Duration> stuck) {
        this.lifecycle = lifecycle;
        this.checks = List.copyOf(checks);
        this.stuck = stuck;
    }

    /** 200 while every event loop moves. */
    Answer live() {
        var moving = stuck.get().compareTo(STUCK_MAX) < 0;
        return Answer.json(moving ? 200 : 503, Json.object().put("live", moving));
    }

    /** 200 once everything was up, for good. */
    Answer started() {
        var started = lifecycle.phase() != Phase.STARTING;
        return Answer.json(started ? 200 : 503, Json.object().put("started", started));
    }

    /** 200 while traffic is welcome. */
    Answer ready() {
        var ready = lifecycle.phase() == Phase.READY;
        var list = Json.array();
        for (var check : checks) {
            var one = list.addObject().put("name", check.name());
            switch (health(check)) {
                case Health.Healthy healthy -> one.put("state", "healthy");
                case Health.Degraded(var sentence) ->
                    one.put("state", "degraded").put("sentence", sentence);
                case Health.Unsafe(var sentence) -> {
                    one.put("state", "unsafe").put("sentence", sentence);
                    ready = false;
                }
            }
        }
        var document = Json.object().put("ready", ready).put("phase", word(lifecycle.phase()));
        document.set("checks", list);
        return Answer.json(ready ? 200 : 503, document);
    }

    /** A check that throws knows nothing, and not to know is not safe. */
    private static Health health(Check check) {
        try {
            return check.health();
        } catch (RuntimeException bug) {
            log.atError().addKeyValue("check", check.name()).setCause(bug).log("A health check threw");
            return Health.unsafe("the check itself failed; see the log");
        }
    }

    static String word(Phase phase) {
        return switch (phase) {
            case STARTING -> "starting";
            case READY -> "ready";
            case DRAINING -> "draining";
            case STOPPED -> "stopped";
        };
    }
}
