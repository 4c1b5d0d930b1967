// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AcknowledgedTest {
    /** Two entries a segment, five segments. */
    private final Acknowledged acknowledged = new Acknowledged(40, 8);

    private void add(String lines, int seconds) {
        acknowledged.add(
                new Batch(1, List.of(), lines.getBytes(UTF_8), 1),
                Duration.ofSeconds(seconds).toNanos());
    }

    private List<List<String>> kept() {
        return acknowledged.chunks().stream()
                .map(chunk -> chunk.stream()
                        .map(lines -> new String(lines.lines(), UTF_8))
                        .toList())
                .toList();
    }

    @Test
    void ten_seconds_before_the_last_good_answer_are_kept_in_order() {
        add("aaaa", 0);
        add("bbbb", 5);
        add("cccc", 10);
        assertThat(kept()).containsExactly(List.of("aaaa", "bbbb"), List.of("cccc"));
        assertThat(acknowledged.seconds()).isEqualTo(10);

        add("dddd", 15);
        assertThat(kept()).as("a piece goes with its last").hasSize(2);
        add("eeee", 16);
        assertThat(kept()).containsExactly(List.of("cccc", "dddd"), List.of("eeee"));
        assertThat(acknowledged.seconds()).isEqualTo(6);
    }

    @Test
    void nothing_ages_while_nothing_is_answered() {
        add("aaaa", 0);

        assertThat(acknowledged.isEmpty()).isFalse();
        assertThat(kept()).containsExactly(List.of("aaaa"));
    }

    @Test
    void no_more_bytes_are_kept_than_are_allowed_the_oldest_go() {
        for (var i = 0; i < 12; i++) {
            add("%04d".formatted(i), 1);
        }
        assertThat(kept().stream().flatMap(List::stream))
                .containsExactly("0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011");
    }

    @Test
    void a_batch_larger_than_a_segment_has_one_of_its_own_and_one_larger_than_all_is_not_kept() {
        add("aaaa", 0);
        add("twelve bytes", 0);
        add("bbbb", 0);
        assertThat(kept()).containsExactly(List.of("aaaa"), List.of("twelve bytes"), List.of("bbbb"));

        add("x".repeat(41), 0);
        add("cccc", 0);
        assertThat(kept().stream().flatMap(List::stream))
                .doesNotContain("x".repeat(41))
                .contains("cccc");
    }

    @Test
    void many_small_batches_fit_into_one_segment() {
        var many = new Acknowledged(1000, 1000);
        for (var i = 0; i < 500; i++) {
            many.add(new Batch(i, List.of(), new byte[] {(byte) i}, 2), 0);
        }

        assertThat(many.chunks())
                .singleElement()
                .satisfies(chunk -> assertThat(chunk).hasSize(500).allSatisfy(lines -> {
                    assertThat(lines.lines()).containsExactly((byte) lines.partition());
                    assertThat(lines.events()).isEqualTo(2);
                }));
    }

    @Test
    void a_segment_that_is_used_again_holds_nothing_of_before() {
        add("aaaa", 0);
        add("bbbb", 0);
        add("cccc", 11);
        add("dd", 11);

        assertThat(kept()).containsExactly(List.of("cccc", "dd"));
    }
}
