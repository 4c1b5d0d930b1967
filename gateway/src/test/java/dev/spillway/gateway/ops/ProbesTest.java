// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.ops.Lifecycle.Phase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbesTest {
    private final Lifecycle lifecycle = new Lifecycle();
    private Duration stuck = Duration.ZERO;
    private Health redis = Health.healthy();

    private final Probes probes = new Probes(lifecycle, List.of(Check.of("redis", () -> redis)), () -> stuck);

    @Test
    void a_process_is_ready_between_its_start_and_its_drain_and_started_from_then_on() {
        assertThat(probes.ready().status()).isEqualTo(503);
        assertThat(probes.started().status()).isEqualTo(503);

        lifecycle.advance(Phase.READY);
        assertThat(probes.ready().status()).isEqualTo(200);
        assertThat(probes.started().status()).isEqualTo(200);

        lifecycle.advance(Phase.DRAINING);
        assertThat(probes.ready().status()).isEqualTo(503);
        assertThat(probes.started().status()).isEqualTo(200);
        assertThat(probes.live().status()).isEqualTo(200);
    }

    @Test
    void what_is_unsafe_takes_readiness_away_and_what_is_degraded_does_not() {
        lifecycle.advance(Phase.READY);

        redis = Health.degraded("appends are slow");
        assertThat(probes.ready().status()).isEqualTo(200);

        redis = Health.unsafe("maxmemory-policy is allkeys-lru: set noeviction");
        assertThat(probes.ready().status()).isEqualTo(503);
        assertThat(probes.live().status()).isEqualTo(200);
        assertThat(probes.ready().body().toString())
                .isEqualTo("{\"ready\":false,\"phase\":\"ready\",\"checks\":[{\"name\":\"redis\",\"state\":\"unsafe\","
                        + "\"sentence\":\"maxmemory-policy is allkeys-lru: set noeviction\"}]}");

        redis = Health.healthy();
        assertThat(probes.ready().status()).isEqualTo(200);
    }

    @Test
    void a_check_that_throws_is_not_safe() {
        lifecycle.advance(Phase.READY);
        var throwing = Check.of("odd", () -> {
            throw new IllegalStateException("hidden");
        });

        var ready = new Probes(lifecycle, List.of(throwing), () -> stuck).ready();

        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.body().toString()).contains("unsafe").doesNotContain("hidden");
    }

    @Test
    void only_a_loop_that_stands_still_ends_life() {
        stuck = Duration.ofSeconds(29);
        assertThat(probes.live().status()).isEqualTo(200);

        stuck = Duration.ofSeconds(30);
        assertThat(probes.live().status()).isEqualTo(503);
    }

    @Test
    void life_goes_forward_only() {
        assertThat(lifecycle.advance(Phase.DRAINING)).isTrue();
        assertThat(lifecycle.advance(Phase.READY)).isFalse();
        assertThat(lifecycle.advance(Phase.DRAINING)).isFalse();
        assertThat(lifecycle.phase()).isEqualTo(Phase.DRAINING);
    }
}
