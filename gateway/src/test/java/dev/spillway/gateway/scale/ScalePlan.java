// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.scale;

import java.time.Duration;
import java.util.List;

/**
 * What a run does.
 *
 * @param eventsPerPost events of one notification, each of another person
 * @param kills {@code kill -9} of a worker at random, which is then started again
 * @param stops workers held still for {@code stopped}, longer than a lease lives, at random
 */
record ScalePlan(
        int partitions,
        int conversations,
        int eventsPerSecond,
        int eventsPerPost,
        List<Phase> phases,
        int kills,
        int stops,
        Duration stopped,
        Duration leaseTtl,
        Duration renewEvery,
        long seed) {
    /** So many workers for so long. */
    record Phase(int workers, Duration time) {
        static Phase of(int workers, int seconds) {
            return new Phase(workers, Duration.ofSeconds(seconds));
        }
    }

    /** Five minutes, with the product's own leases. */
    static ScalePlan full(long seed) {
        return new ScalePlan(
                16,
                10_000,
                2_000,
                160,
                List.of(Phase.of(1, 45), Phase.of(4, 105), Phase.of(2, 60), Phase.of(4, 90)),
                30,
                10,
                Duration.ofSeconds(9),
                Duration.ofSeconds(6),
                Duration.ofSeconds(2),
                seed);
    }

    /** Half a minute, for every build: short leases, since most of the time would be waiting for them. */
    static ScalePlan small(long seed) {
        return new ScalePlan(
                8,
                400,
                200,
                80,
                List.of(Phase.of(1, 6), Phase.of(3, 18), Phase.of(2, 9)),
                3,
                2,
                Duration.ofSeconds(4),
                Duration.ofSeconds(2),
                Duration.ofMillis(300),
                seed);
    }

    Duration time() {
        return phases.stream().map(Phase::time).reduce(Duration.ZERO, Duration::plus);
    }

    String yaml(String redisUri, String role, int httpPort, int opsPort) {
        return """
            spillway:
              roles: [%s]
              http: { host: 127.0.0.1, port: %d }
              ops: { host: 127.0.0.1, port: %d }
              redis: { uri: "%s", durability: everysec }
              partitions: %d
              apps:
                demo: { secrets: ["%s"], verify-token: verify-me }
              pages:
                "%s": { app: demo, token: page-token }
              bots: { echo: { kind: built-in } }
              stream: { lease-ttl: %dms, renew-every: %dms }
            """.formatted(
                        role,
                        httpPort,
                        opsPort,
                        redisUri,
                        partitions,
                        Writers.SECRET,
                        Writers.PAGE,
                        leaseTtl.toMillis(),
                        renewEvery.toMillis());
    }
}
