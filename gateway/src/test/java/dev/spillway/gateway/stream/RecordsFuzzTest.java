// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.spillway.gateway.messenger.EventJson;

/** What comes back from Redis, where other programs write too. Replay and search as for the messenger's fuzz tests. */
class RecordsFuzzTest {
    @FuzzTest
    void a_batch_of_events_is_read_line_by_line_whatever_is_in_it(byte[] batch) {
        for (var line : new Entry("1-0", 1, batch, false).lines()) {
            if (EventJson.read(batch, line.from(), line.from() + line.length())
                    instanceof EventJson.Reading.Ok(var event)) {
                assertThat(EventJson.read(EventJson.line(event))).isEqualTo(new EventJson.Reading.Ok(event));
            }
        }
    }

    @FuzzTest
    void a_batch_of_replies_is_read_line_by_line_whatever_is_in_it(byte[] batch) {
        for (var line : new Entry("1-0", 1, batch, false).lines()) {
            var reply = ReplyRecord.read(batch, line.from(), line.length());
            if (reply != null) {
                var written = reply.line();
                assertThat(ReplyRecord.read(written, 0, written.length)).isNotNull();
            }
        }
    }
}
