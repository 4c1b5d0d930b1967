// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PartitionsTest {
    /** Hashes as other implementations of xxh64 with seed 0 give them; the last three stand in docs/streams.md. */
    @ParameterizedTest
    @CsvSource({
        "'', EF46DB3751D8E999",
        "a, D24EC4F1A98C6E5B",
        "abc, 44BC2CF5AD770999",
        "Nobody inspects the spammish repetition, FBCEA83C8A378BF1",
        "100200300400500:7001, FC656198ED52B9C9",
        "100200300400500:100200300400500_122, 048F5A31BE951482",
        "178414:user_ref:üser, 2C23B801270F4BCD"
    })
    void a_conversation_lives_where_the_public_hash_says(String conversation, String hash) {
        var unsigned = new BigInteger(hash, 16);

        for (var count : new int[] {1, 2, 16, 63, 64, 1000, 1024}) {
            assertThat(new Partitions(count).of(conversation))
                    .isEqualTo(unsigned.mod(BigInteger.valueOf(count)).intValueExact());
        }
    }

    @Test
    void conversations_spread_evenly() {
        var counts = new int[64];
        IntStream.range(0, 64_000).forEach(user -> counts[new Partitions(64).of("100200300400500:" + user)]++);

        assertThat(IntStream.of(counts)).allMatch(count -> count > 800 && count < 1200);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1025})
    void a_count_out_of_bounds_names_itself(int count) {
        assertThatThrownBy(() -> new Partitions(count)).hasMessage("partitions: " + count + " (expected: 1..1024)");
    }
}
