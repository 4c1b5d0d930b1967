// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PermitsTest {
    @Test
    void all_of_what_is_asked_is_given_or_none_of_it() {
        var permits = new Permits(10);

        assertThat(permits.tryAcquire(7)).isTrue();
        assertThat(permits.tryAcquire(4)).isFalse();
        assertThat(permits.used()).isEqualTo(7);
        assertThat(permits.tryAcquire(3)).isTrue();
        assertThat(permits.tryAcquire(1)).isFalse();
        permits.release(7);
        assertThat(permits.used()).isEqualTo(3);
        assertThat(permits.tryAcquire(0)).isTrue();
        assertThat(permits.most()).isEqualTo(10);
    }

    @Test
    void many_threads_never_pass_the_most() {
        var permits = new Permits(5);
        var seen = new AtomicLong();
        IntStream.range(0, 20_000).parallel().forEach(ignored -> {
            if (permits.tryAcquire(2)) {
                seen.accumulateAndGet(permits.used(), Math::max);
                permits.release(2);
            }
        });

        assertThat(seen.get()).isLessThanOrEqualTo(4);
        assertThat(permits.used()).isZero();
    }
}
