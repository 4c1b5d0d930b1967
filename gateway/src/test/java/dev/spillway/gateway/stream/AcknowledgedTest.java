// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AcknowledgedTest {
    private final Acknowledged acknowledged = new Acknowledged(10);

    private void add(String lines, int seconds) {
        acknowledged.add(
                new Batch(1, List.of(), lines.getBytes(UTF_8), 1),
                Duration.ofSeconds(seconds).toNanos());
    }

    private List<List<String>> kept(int chunk) {
        return acknowledged.chunks(chunk).stream()
                .map(one -> one.stream()
                        .map(lines -> new String(lines.lines(), UTF_8))
                        .toList())
                .toList();
    }

    @Test
    void ten_seconds_before_the_last_good_answer_are_kept_in_order() {
        add("a", 0);
        add("b", 5);
        add("c", 10);
        assertThat(kept(100)).containsExactly(List.of("a", "b", "c"));
        assertThat(acknowledged.seconds()).isEqualTo(10);

        add("d", 12);
        assertThat(kept(100)).containsExactly(List.of("b", "c", "d"));
        assertThat(acknowledged.seconds()).isEqualTo(7);
    }

    @Test
    void nothing_ages_while_nothing_is_answered() {
        add("a", 0);

        assertThat(acknowledged.isEmpty()).isFalse();
        assertThat(kept(100)).containsExactly(List.of("a"));
    }

    @Test
    void no_more_bytes_are_kept_than_are_allowed_the_oldest_go() {
        add("aaaa", 0);
        add("bbbb", 1);
        add("cccc", 2);
        assertThat(kept(100)).containsExactly(List.of("bbbb", "cccc"));

        add("far too long for it", 3);
        assertThat(acknowledged.isEmpty()).isTrue();
        assertThat(acknowledged.seconds()).isZero();
        assertThat(acknowledged.chunks(100)).isEmpty();
    }

    @Test
    void it_comes_in_pieces_that_a_flush_can_take() {
        add("aaa", 0);
        add("bbb", 0);
        add("ccc", 0);

        assertThat(kept(4)).containsExactly(List.of("aaa", "bbb"), List.of("ccc"));
    }
}
