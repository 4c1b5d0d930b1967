// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Channel;
import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.messenger.RawJson;
import java.util.ArrayList;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of the reply's line, and of the ids that travel in it and to the platform and back. */
class ReplyRecordTest {
    private static final ReplyRecord RECORD = record("1", "2", "{\"text\":\"hello\"}", 1, false);

    private static ReplyRecord record(String page, String user, String message, long number, boolean park) {
        return new ReplyRecord(
                ReplyId.of(3, new EventKey(number, ~number), new Subscription("peter", 1), 2),
                "demo",
                number % 2 == 0 ? Channel.MESSENGER : Channel.INSTAGRAM,
                page,
                user,
                number >>> 20,
                number >>> 2,
                park ? ReplyRecord.InDoubt.PARK : ReplyRecord.InDoubt.RESEND,
                RawJson.of(message));
    }

    @Property(tries = 500)
    void a_line_is_read_back_equal_wherever_it_lies_in_a_batch(
            @ForAll String page, @ForAll String user, @ForAll String text, @ForAll long number, @ForAll boolean park) {
        var record = record(clean(page), clean(user), "{\"text\":" + quoted(text) + "}", number, park);
        var line = record.line();
        assertThat(new String(line, UTF_8)).doesNotContain("\n", "\r");

        var batch = new byte[line.length + 9];
        System.arraycopy(line, 0, batch, 5, line.length);

        assertThat(ReplyRecord.read(line, 0, line.length)).isEqualTo(record);
        assertThat(ReplyRecord.read(batch, 5, line.length)).isEqualTo(record);
    }

    @Property(tries = 3000)
    void a_mutated_line_is_read_or_refused_and_never_throws(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int mutations) {
        var random = new Random(seed);
        var line = RECORD.line();
        var length = random.nextInt(4) == 0 ? random.nextInt(line.length) : line.length;
        for (var i = 0; i < mutations; i++) {
            line[random.nextInt(line.length)] = (byte) random.nextInt(256);
        }

        var read = ReplyRecord.read(line, 0, length);

        assertThat(read == null || read.id().partition() >= 0).isTrue();
    }

    @Example
    void another_version_or_no_object_is_not_read() {
        for (var line :
                new String[] {"", "1", "[]", "{}", "{\"version\":2}", "null", "{\"version\":1,\"message\":{}}"}) {
            assertThat(ReplyRecord.read(line.getBytes(UTF_8), 0, line.length())).isNull();
        }
        var newer = new String(RECORD.line(), UTF_8).replace("\"version\":1", "\"version\":2");
        assertThat(ReplyRecord.read(newer.getBytes(UTF_8), 0, newer.length())).isNull();
    }

    @Example
    void a_line_feed_between_tokens_becomes_a_space() {
        var record = record("1", "2", "{\"text\":\n\r\"a\"}", 1, false);

        assertThat(new String(record.line(), UTF_8))
                .contains("{\"text\":  \"a\"}")
                .doesNotContain("\n");
    }

    @Example
    void what_a_person_wrote_is_not_shown() {
        assertThat(RECORD.toString()).doesNotContain("hello");
    }

    @Property
    void an_id_is_read_back_alone_and_from_metadata(
            @ForAll @IntRange(min = 0, max = 1023) int partition, @ForAll long key, @ForAll String ofBot) {
        var id = ReplyId.of(partition, new EventKey(key, key), new Subscription("peter", 12), 4);

        assertThat(ReplyId.parse(id.toString())).isEqualTo(id);
        assertThat(ReplyMetadata.read(ReplyMetadata.of(id, null))).isEqualTo(id);
        assertThat(ReplyMetadata.read(ReplyMetadata.of(id, ofBot))).isEqualTo(id);
        assertThat(id.digest()).hasSize(16);
    }

    @Property(tries = 2000)
    void hostile_metadata_never_throws_and_never_names_a_partition_that_cannot_be(@ForAll String text) {
        for (var hostile : new String[] {text, "spillway:" + text, "spillway:1/" + text, "spillway:99999/" + text}) {
            var id = ReplyMetadata.read(hostile);
            if (id != null) {
                assertThat(id.partition()).isBetween(0, 9999);
                assertThat(id.toString()).hasSizeLessThanOrEqualTo(200);
            }
        }
    }

    @Example
    void hostile_ids_are_refused() {
        var hostile = new ArrayList<String>();
        for (var text : new String[] {"", "/", "/1", "-1/a", "+1/a", "1", "a/1", "12345/a", "\u0661/a", " 1/a"}) {
            hostile.add(text);
        }
        hostile.add("1/" + "x".repeat(199));
        assertThat(hostile).allMatch(text -> ReplyId.parse(text) == null);
        assertThat(ReplyMetadata.read(null)).isNull();
        assertThat(ReplyMetadata.read("spillway:")).isNull();
        assertThat(ReplyMetadata.read("Spillway:1/a")).isNull();
    }

    // Lone surrogates have no bytes in UTF-8.
    private static String clean(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        clean(text).chars().forEach(one -> {
            if (one < 0x20 || one == '"' || one == '\\') {
                json.append(String.format("\\u%04x", one));
            } else {
                json.append((char) one);
            }
        });
        return json.append('"').toString();
    }
}
