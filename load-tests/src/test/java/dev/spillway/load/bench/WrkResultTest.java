// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkResultTest {
    private static final String OUTPUT = """
        Running 5s test @ http://127.0.0.1:20000
          1 threads and 512 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency    22.55ms    8.37ms  96.92ms   81.18%
        Requests/sec:  22508.23
        RESULT requests=68664 micros=3050618 refused=64 connect=1 read=2 write=3 timeout=4 p50=20712 p99=46448 p999=63917
        """;

    @Test
    void the_line_of_our_script_is_found_among_what_wrk_prints() {
        assertThat(WrkResult.of(OUTPUT)).isEqualTo(new WrkResult(68_664, 3_050_618, 64, 10, 20_712, 46_448, 63_917));
    }

    @Test
    void a_refused_request_is_not_acknowledged() {
        assertThat(WrkResult.of(OUTPUT).acked()).isEqualTo(68_600);
    }

    @Test
    void without_that_line_what_wrk_printed_is_shown() {
        assertThatThrownBy(() -> WrkResult.of("unable to connect")).hasMessageContaining("unable to connect");
    }
}
