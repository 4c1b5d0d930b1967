// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.spillway.gateway.messenger.Notifications.Reading;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes from outside, by a fuzzer that follows the branches they take. The normal build replays the files beside this
 * class in the resources; CONTRIBUTING.md says how to look for new ones.
 */
class MessengerFuzzTest {
    private static final Signature SIGNATURE = new Signature(List.of(new byte[] {1}, new byte[] {2}));

    @FuzzTest
    void a_notification_is_read_whole_or_not_at_all(byte[] body) {
        switch (Samples.reading(body)) {
            case Reading.Events(var events) -> {
                for (var event : events) {
                    assertThat(EventJson.read(EventJson.line(event))).isEqualTo(new EventJson.Reading.Ok(event));
                    assertThat(Content.of(event)).isNotNull();
                }
            }
            case Reading.Unreadable(var reason) -> assertThat(reason).isNotNull();
        }
    }

    /** The first line is the header, the rest the body. */
    @FuzzTest
    void no_header_but_the_exact_one_is_a_signature(byte[] input) {
        var end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        var header = new String(input, 0, end, StandardCharsets.ISO_8859_1);
        var body = Arrays.copyOfRange(input, Math.min(input.length, end + 1), input.length);

        var expected = header.equals(SIGNATURE.sign(0, body))
                ? 0
                : header.equals(SIGNATURE.sign(1, body)) ? 1 : Signature.FORGED;

        assertThat(SIGNATURE.check(header, body)).isEqualTo(expected);
    }

    @FuzzTest
    void an_error_of_the_graph_api_has_a_remedy(byte[] body) {
        var error = GraphError.read(body);

        assertThat(Remedy.of(400, error.orElse(null))).isNotNull();
        assertThat(Remedy.of(503, error.orElse(null))).isNotNull();
    }
}
