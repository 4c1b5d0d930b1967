// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Notifications.Reading;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws that hold for any bytes. */
class AnyBytesTest {
    private static final List<String> BODIES = Samples.bodies();

    @Property(tries = 5000)
    void reading_never_throws(@ForAll byte[] body) {
        assertThat(Samples.reading(body)).isInstanceOf(Reading.Unreadable.class);
    }

    @Property(tries = 20_000)
    void a_mutated_body_is_read_or_unreadable_and_its_events_are_whole(
            @ForAll("bodies") String body, @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int mutations) {
        var bytes = mutated(body.getBytes(UTF_8), new Random(seed), mutations);

        if (Samples.reading(bytes) instanceof Reading.Events events) {
            for (var event : events.events()) {
                assertThat(EventJson.read(EventJson.line(event))).isEqualTo(new EventJson.Reading.Ok(event));
                assertThat(event.bucket().span()).isBetween(0L, PlatformTime.MAX_MILLIS / 3_600_000);
                assertThat(event.occurredAtMillis()).isBetween(0L, PlatformTime.MAX_MILLIS);
                assertThat(Content.of(event)).isNotNull();
            }
        }
    }

    @Property(tries = 3000)
    void a_truncated_body_is_unreadable(@ForAll("bodies") String body, @ForAll @IntRange(max = 5000) int at) {
        var bytes = body.getBytes(UTF_8);

        assertThat(Samples.reading(Arrays.copyOf(bytes, at % bytes.length))).isInstanceOf(Reading.Unreadable.class);
    }

    @Property(tries = 1000)
    void slices_are_the_bytes_of_the_source(@ForAll("bodies") String body, @ForAll("spaces") String space) {
        var spaced = body.replace(",\"", space + ",\"");

        for (var event : Samples.events(spaced)) {
            assertThat(spaced).contains(event.raw().text());
        }
    }

    @Property(tries = 1000)
    void white_space_between_items_changes_no_event(@ForAll("bodies") String body, @ForAll("spaces") String space) {
        var spaced = space + body.replace("[{", "[" + space + "{").replace("}]", "}" + space + "]") + space;
        var events = Samples.events(spaced);

        assertThat(events).hasSameSizeAs(Samples.events(body));
        assertThat(events.get(0).conversation())
                .isEqualTo(Samples.events(body).get(0).conversation());
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.of(BODIES);
    }

    @Provide
    Arbitrary<String> spaces() {
        return Arbitraries.of("", " ", "\n", "\r\n\t ");
    }

    private static byte[] mutated(byte[] body, Random random, int mutations) {
        var bytes = body;
        for (var i = 0; i < mutations; i++) {
            var at = random.nextInt(bytes.length);
            var with = "{}[]\",:\\0-9etnu \n\u00e9".getBytes(UTF_8);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = with[random.nextInt(with.length)];
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> { // move a piece elsewhere
                    var length = Math.min(random.nextInt(30), bytes.length - at);
                    var to = random.nextInt(bytes.length - length + 1);
                    System.arraycopy(bytes.clone(), at, bytes, to, length);
                }
                default -> { // swap one word of the platform for another, so that the result is often JSON
                    var text = new String(bytes, UTF_8);
                    var words = List.of("messaging", "standby", "changes", "message", "sender", "value", "field", "id");
                    bytes = text.replaceFirst(words.get(random.nextInt(8)), words.get(random.nextInt(8)))
                            .getBytes(UTF_8);
                }
            }
        }
        return bytes;
    }
}
