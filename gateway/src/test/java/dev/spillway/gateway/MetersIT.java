// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.ops.MeterTable;
import dev.spillway.gateway.worker.EchoBot;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The table of docs/metrics.md and a live scrape of a working gateway say the same. */
final class MetersIT {
    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void every_meter_is_in_the_table_and_every_row_in_a_scrape() throws Exception {
        var gateway = rig.gateway(Map.of("echo", EchoBot::new));
        rig.say("7001", "hello");
        rig.calls(1);

        var scrape =
                rig.get("http://127.0.0.1:" + gateway.opsPort() + "/metrics").body();

        assertThat(MeterTable.ofDocs().unlisted(scrape)).isEmpty();
        assertThat(MeterTable.ofDocs().missing(scrape, "spillway_")).isEmpty();
    }

    @Test
    void probes_tell_that_the_process_is_ready_and_why() throws Exception {
        var gateway = rig.gateway(Map.of("echo", EchoBot::new));
        var ops = "http://127.0.0.1:" + gateway.opsPort();

        assertThat(rig.get(ops + "/livez").statusCode()).isEqualTo(200);
        assertThat(rig.get(ops + "/startupz").statusCode()).isEqualTo(200);
        assertThat(rig.get(ops + "/readyz").statusCode()).isEqualTo(200);
        assertThat(rig.get(ops + "/readyz").body()).contains("\"redis\"").contains("healthy");
    }
}
