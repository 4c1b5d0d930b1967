// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.stream.SlotTable.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotTableTest {
    private static final Node ASKED = new Node("redis.example", 7000);

    private static List<Object> node(String host, long port) {
        return List.of(host.getBytes(UTF_8), port, "id".getBytes(UTF_8), List.of());
    }

    @Test
    void a_key_belongs_to_the_primary_whose_range_has_its_slot() {
        var table = SlotTable.of(
                List.of(
                        List.of(0L, 8191L, node("10.0.0.1", 7001), node("10.0.0.3", 7003)),
                        List.of(8192L, 16_383L, node("10.0.0.2", 7002))),
                ASKED);

        assertThat(table.primary("g1:in:{p0}")).isEqualTo(table.primary("g1:own:{p0}:peter.1"));
        assertThat(List.of(String.valueOf(table.primary("foo")), String.valueOf(table.primary("bar"))))
                .containsExactly("10.0.0.2:7002", "10.0.0.1:7001");
        assertThat(table.nodes())
                .containsExactlyInAnyOrder(
                        new Node("10.0.0.1", 7001), new Node("10.0.0.2", 7002), new Node("10.0.0.3", 7003));
    }

    @Test
    void a_slot_in_no_range_belongs_to_nobody() {
        var table = SlotTable.of(List.of(List.of(0L, 100L, node("10.0.0.1", 7001))), ASKED);

        assertThat(table.primary("foo")).isNull(); // slot 12182
        assertThat(SlotTable.EMPTY.primary("foo")).isNull();
    }

    @Test
    void a_node_that_does_not_know_its_address_is_where_it_was_asked() {
        var table = SlotTable.of(List.of(List.of(0L, 16_383L, node("", 7001))), ASKED);

        assertThat(table.primary("foo")).isEqualTo(new Node("redis.example", 7001));
    }
}
