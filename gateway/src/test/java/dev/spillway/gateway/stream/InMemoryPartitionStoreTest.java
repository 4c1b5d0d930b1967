// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model keeps the contract, and forgets when the guard's life is over. */
final class InMemoryPartitionStoreTest extends PartitionStoreContract {
    @Override
    StoreRig open() {
        return new ModelRig();
    }

    @Test
    void a_finished_event_is_remembered_for_its_life_and_no_longer() {
        commit(List.of(done(1)));

        rig.pass(Duration.ofHours(24).minusMillis(1));
        assertThat(commit(List.of(done(1))).first()).containsExactly(false);
        rig.pass(Duration.ofMillis(1));
        assertThat(commit(List.of(done(1))).first()).containsExactly(true);
    }
}
