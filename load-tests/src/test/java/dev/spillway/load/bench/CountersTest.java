// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What is read out of the counters of Linux, of Redis and of Spillway. */
class CountersTest {
    @Test
    void processor_time_is_read_past_a_name_with_blanks_and_brackets() {
        assertThat(ProcessTime.ticks("4711 (node (a) b) S 1 2 3 4 5 6 7 8 9 10 120 34 0 0 20 0 11 0", 11, 12))
                .isEqualTo(154);
    }

    @Test
    void waiting_is_not_being_busy() {
        // user nice system idle iowait irq softirq steal guest guest_nice
        assertThat(ProcessTime.busyTicks("cpu  100 20 3 5000 600 7 8 9 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"))
                .isEqualTo(147);
    }

    @Test
    void our_own_commands_are_not_counted_as_work_of_redis() {
        var commandstats = """
            # Commandstats
            cmdstat_xadd:calls=10,usec=60,usec_per_call=6.00,rejected_calls=0,failed_calls=0
            cmdstat_hincrby:calls=10,usec=13,usec_per_call=1.30,rejected_calls=0,failed_calls=0
            cmdstat_config|resetstat:calls=1,usec=900,usec_per_call=900.00,rejected_calls=0,failed_calls=0
            cmdstat_info:calls=1,usec=77,usec_per_call=77.00,rejected_calls=0,failed_calls=0
            """;

        assertThat(RedisLoad.of(commandstats, "# CPU\nused_cpu_sys:0.5\nused_cpu_user:1.25\nused_cpu_sys_children:9"))
                .isEqualTo(new RedisLoad(73, 1_750_000));
    }

    @Test
    void work_of_redis_is_counted_from_a_point_on() {
        assertThat(new RedisLoad(80, 900).since(new RedisLoad(10, 500))).isEqualTo(new RedisLoad(70, 400));
    }

    @Test
    void the_heap_is_the_sum_of_its_parts_and_nothing_else() {
        var scrape = """
            jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1.5E7
            jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 2000000.0
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.0E7
            jvm_memory_max_bytes{area="heap",id="G1 Old Gen"} 5.0E8
            """;

        assertThat((double) Heap.used(scrape)).isCloseTo(17e6, within(1.0));
    }
}
