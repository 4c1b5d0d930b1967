// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Event.Mark;
import dev.spillway.gateway.messenger.EventJson.Reading;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventJsonTest {
    private static final String LINE = """
        {"version":1,"id":"0123456789abcdef0123456789abcdef","app":"demo","channel":"messenger","page":"100200300400500",\
        "user":"7001","kind":"message","standby":false,"occurredAt":"2026-12-24T18:00:00.001Z",\
        "receivedAt":"2026-12-24T18:00:00.120Z","bucket":"mh499362","event":{"message":{"mid":"m_1","text":"h\\u00e9"}}}\
        """;

    @Test
    void a_line_is_the_contract() {
        var event = new Event(
                EventKey.ofHex("0123456789abcdef0123456789abcdef"),
                "demo",
                Channel.MESSENGER,
                "100200300400500",
                "7001",
                "100200300400500:7001",
                Kind.MESSAGE,
                false,
                1_798_135_200_001L,
                1_798_135_200_120L,
                Bucket.ofWire("mh499362"),
                null,
                RawJson.of("{\"message\":{\"mid\":\"m_1\",\"text\":\"h\\u00e9\"}}"),
                Mark.NONE);

        assertThat(new String(EventJson.line(event), StandardCharsets.UTF_8)).isEqualTo(LINE);
        assertThat(read(LINE)).isEqualTo(new Reading.Ok(event));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void lines_can_be_marked_as_repaired_and_are_the_same_events_otherwise(int count) {
        var lines = String.join("\n", Collections.nCopies(count, LINE));

        var marked = new String(EventJson.repaired(lines.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);

        assertThat(marked.split("\n", -1)).hasSize(count).allSatisfy(line -> {
            var event = ((Reading.Ok) read(line)).event();
            var before = ((Reading.Ok) read(LINE)).event();
            assertThat(event.mark()).isEqualTo(new Mark(Mark.Source.REPAIRED, null));
            assertThat(event.key()).isEqualTo(before.key());
            assertThat(event.raw()).isEqualTo(before.raw());
        });
    }

    @Test
    void what_differs_from_the_usual_is_said() {
        var event = new Event(
                new EventKey(1, -1),
                "a\"b\\c\u0001",
                Channel.WHATSAPP,
                "p\u00e9\ud83d\ude0a",
                null,
                "p:post",
                Kind.PASS_THREAD_CONTROL,
                true,
                0,
                -1,
                new Bucket(Bucket.Life.WHATSAPP, Bucket.Unit.DAY, 0),
                RawJson.of("{\r\n}"),
                RawJson.of("{\"a\":\n1}"),
                new Mark(Mark.Source.REDRIVEN, "shop"));

        var line = new String(EventJson.line(event), StandardCharsets.UTF_8);

        assertThat(line)
                .contains(
                        "\"user\":null", "\"conversation\":\"p:post\"", "\"source\":\"redriven\"", "\"only\":\"shop\"")
                .contains("\"context\":{  },\"rawContext\":\"", "\"event\":{\"a\": 1},\"raw\":\"")
                .contains("\"app\":\"a\\\"b\\\\c\\u0001\"", "\"page\":\"p\u00e9\ud83d\ude0a\"")
                .contains("\"occurredAt\":\"1970-01-01T00:00:00.000Z\"", "\"receivedAt\":\"1969-12-31T23:59:59.999Z\"");
        assertThat(read(line)).isEqualTo(new Reading.Ok(event));
    }

    @Property(tries = 3000)
    void any_event_comes_back_equal_from_one_line(@ForAll("events") Event event) {
        var line = EventJson.line(event);

        assertThat(line).doesNotContain((byte) '\n', (byte) '\r');
        assertThat(EventJson.read(line)).isEqualTo(new Reading.Ok(event));
        assertThat(EventJson.line(event)).isEqualTo(line);
    }

    @Test
    void every_event_of_the_reference_comes_back_equal() {
        for (var body : Samples.bodies()) {
            for (var event : Samples.events(body.replace(",\"", ",\n \""))) {
                assertThat(EventJson.read(EventJson.line(event))).isEqualTo(new Reading.Ok(event));
            }
        }
    }

    @Test
    void a_line_is_read_from_within_a_batch() {
        var batch = (LINE + "\n" + LINE).getBytes(StandardCharsets.UTF_8);
        var length = LINE.getBytes(StandardCharsets.UTF_8).length;

        assertThat(EventJson.read(batch, length + 1, batch.length)).isEqualTo(EventJson.read(batch, 0, length));
        assertThat(EventJson.read(batch, 0, length)).isInstanceOf(Reading.Ok.class);
    }

    @Test
    void unknown_fields_are_skipped_and_a_newer_version_is_left_to_others() {
        assertThat(read(LINE.replace("{\"version\":1", "{\"color\":{\"a\":[1,null]},\"version\":1")))
                .isEqualTo(read(LINE));
        assertThat(read("{\"event\":7,\"version\":2}")).isEqualTo(new Reading.Newer(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "version":1,                     | ``                        | version
        "version":1                      | "version":0               | version
        "version":1                      | "version":"x"             | version
        "app":"demo",                    | ``                        | app
        "page":"100200300400500"         | "page":7                  | page
        "id":                            | "key":                    | id
        "event":                         | "item":                   | event
        0123456789abcdef0123456789abcdef | 0123                      | id, bucket, channel, source, a time or base64
        "messenger"                      | "telegraph"               | id, bucket, channel, source, a time or base64
        2026-12-24T18:00:00.001Z         | 2026-13-24T18:00:00.001Z  | id, bucket, channel, source, a time or base64
        2026-12-24T18:00:00.001Z         | tomorrow                  | id, bucket, channel, source, a time or base64
        mh499362                         | xh499362                  | id, bucket, channel, source, a time or base64
        mh499362                         | mhx                       | id, bucket, channel, source, a time or base64
        "event":                         | "raw":"%","event":        | id, bucket, channel, source, a time or base64
        "event":                         | "raw":"AAAA","event":     | id, bucket, channel, source, a time or base64
        "event":                         | "source":"moon","event":  | id, bucket, channel, source, a time or base64
        {"version"                       | [{"version"               | JSON
        }}}                              | }}                        | JSON
        """)
    void a_malformed_record_names_its_problem(String good, String bad, String problem) {
        assertThat(read(LINE.replace(good, bad))).isEqualTo(new Reading.Malformed(problem));
    }

    @Property(tries = 5000)
    void reading_never_throws(@ForAll byte[] bytes, @ForAll int at, @ForAll byte value) {
        assertThat(EventJson.read(bytes)).isInstanceOf(Reading.Malformed.class);

        var line = LINE.getBytes(StandardCharsets.UTF_8);
        line[Math.floorMod(at, line.length)] = value;
        assertThat(EventJson.read(line)).isNotNull();
        assertThat(EventJson.read(Arrays.copyOf(line, Math.floorMod(at, line.length))))
                .isInstanceOf(Reading.Malformed.class);
    }

    @Provide
    Arbitrary<Event> events() {
        var text = Arbitraries.strings().all().ofMaxLength(12);
        var millis = Arbitraries.longs().between(-100_000_000_000_000L, 400_000_000_000_000L);
        var who = Combinators.combine(
                        text,
                        Arbitraries.of(Channel.class),
                        text,
                        text.injectNull(0.3),
                        text,
                        Arbitraries.of(Kind.class))
                .as(Who::new);
        var marks = Combinators.combine(Arbitraries.of(Mark.Source.class), text.injectNull(0.5))
                .as(Mark::new);
        var buckets = Combinators.combine(
                        Arbitraries.of(Bucket.Life.class),
                        Arbitraries.of(Bucket.Unit.class),
                        Arbitraries.longs().between(0, 2_000_000))
                .as(Bucket::new);
        return Combinators.combine(
                        who, millis, millis, buckets, json().injectNull(0.5), json(), marks, Arbitraries.longs())
                .as((w, occurred, received, bucket, context, raw, mark, key) -> new Event(
                        new EventKey(key, ~key * 31),
                        w.app,
                        w.channel,
                        w.page,
                        w.user,
                        w.partner.length() % 2 == 0
                                ? EventJson.conversationOf(w.page, w.user)
                                : w.page + ":" + w.partner,
                        w.kind,
                        w.partner.length() % 3 == 0,
                        occurred,
                        received,
                        bucket,
                        context,
                        raw,
                        mark));
    }

    /** Slices from within a longer array, compact or with line breaks. */
    private static Arbitrary<RawJson> json() {
        return Combinators.combine(
                        Arbitraries.of(
                                "{}", "7", "{ \"a\" : [ 1 , \"x\\n\" ] }", "[ true , null ]", "{\"\u00e9\": {} }"),
                        Arbitraries.of(" ", "\n", "\r\n", "\t"))
                .as((json, space) -> {
                    var bytes = ("xx" + json.replace(" ", space) + "y").getBytes(StandardCharsets.UTF_8);
                    return RawJson.view(bytes, 2, bytes.length - 3);
                });
    }

    private record Who(
            String app,
            Channel channel,
            String page,
            @Nullable String user,
            String partner,
            Kind kind) {}

    private static Reading read(String line) {
        return EventJson.read(line.getBytes(StandardCharsets.UTF_8));
    }
}
