// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real bodies, as public projects keep them in their tests. */
class PayloadsTest {
    private static final String TABLE = """
        instagram.comments.restfb.json,                   COMMENT,                0,                -,              0:76543987, cd17585
        instagram.mentions.restfb.json,                   MENTION,                0,                -,              0:17887498072083520, cd17585
        instagram.messaging-seen.restfb.json,             READ,                   17841452691600098, 5614879045272581, 17841452691600098:5614879045272581, mh463339
        messenger.account-linked.restfb.json,             ACCOUNT_LINKING,        12345654332,      987654321432,   12345654332:987654321432, md16882
        messenger.attachments-mixed.messenger4j.json,     MESSAGE,                PAGE_ID,          USER_ID,        PAGE_ID:USER_ID, mh405192
        messenger.delivery-without-mids.messenger4j.json, DELIVERY,               PAGE_ID,          USER_ID,        PAGE_ID:USER_ID, mh405185
        messenger.echo-template.messenger4j.json,         ECHO,                   171999997131834678, 1256299999730577, 171999997131834678:1256299999730577, mh411144
        messenger.handover-pass.restfb.json,              PASS_THREAD_CONTROL,    1234567890321,    USER_ID,        1234567890321:USER_ID, mh409223
        messenger.handover-request.restfb.json,           REQUEST_THREAD_CONTROL, 1234567890321,    USER_ID,        1234567890321:USER_ID, mh409223
        messenger.message-attachment-fallback.restfb.json, MESSAGE,               12345654332,      987654321432,   12345654332:987654321432, mh405193
        messenger.message-edit.restfb.json,               EDIT,                   12345654332,      987654321432,   12345654332:987654321432, mh404934
        messenger.message-is-unsupported.restfb.json,     UNSUPPORTED,            12345654332,      987654321432,   12345654332:987654321432, mh404934
        messenger.message-prior-message.restfb.json,      MESSAGE,                12345654332,      987654321432,   12345654332:987654321432, mh404934
        messenger.message-reply-to-mid.restfb.json,       MESSAGE,                12345654332,      987654321432,   12345654332:987654321432, mh404934
        messenger.message-text.restfb.json,               MESSAGE,                12345654332,      987654321432,   12345654332:987654321432, mh404934
        messenger.postback-basic.restfb.json,             POSTBACK,               12345654332,      987654321432,   12345654332:987654321432, mh405192
        messenger.postback-referral.restfb.json,          POSTBACK,               12345654332,      987654321432,   12345654332:987654321432, mh405192
        messenger.reaction-unreact.restfb.json,           REACTION,               1234567890321,    USER_ID,        1234567890321:USER_ID, mh436796
        messenger.referral-ad.messenger4j.json,           REFERRAL,               <PAGE_ID>,        <USER_ID>,      <PAGE_ID>:<USER_ID>, mh405192
        messenger.standby-and-messaging-mixed.botbuilder.json, UNRECOGNISED UNRECOGNISED MESSAGE, page1 page1 page1, user1 user2 0, page1:user1 page1:user2 page1:0, md16883 md16883 mh617
        page.feed-reaction-add.restfb.json,               FEED,                   1234567890321,    -,              1234567890321:1234567890321_98735342324352, ch409883
        page.two-entries-no-value.restfb.json,            CHANGE CHANGE,          1234567890321 1234567890321, - -,  1234567890321 1234567890321, cd16777 cd16777
        whatsapp.ctwa-ad-referral.restfb.json,            MESSAGE,                10634295353625,   491234567890,   10634295353625:491234567890, wh459237
        whatsapp.interactive-button-reply.restfb.json,    MESSAGE,                10634295353625,   491234567890,   10634295353625:491234567890, wh459237
        whatsapp.message-revoked.pywa.json,               UNSEND,                 <BUSINESS_PHONE_NUMBER_ID>, US.13491208655302741918, <BUSINESS_PHONE_NUMBER_ID>:US.13491208655302741918, wh471400
        whatsapp.status-failed-window-closed.bindambc.json, STATUS,               109999999999999,  5511111111111,  109999999999999:5511111111111, wh467403
        whatsapp.system-user-changed-user-id.restfb.json, SYSTEM,                 106540352242922,  US.13491208655302741918, 106540352242922:US.13491208655302741918, wh485948
        whatsapp.text-bsuid-no-phone.restfb.json,         MESSAGE,                106540352242922,  US.13491208655302741918, 106540352242922:120363418770915618@g.us, wh485948
        """;

    @BeforeAll
    static void present() {
        assumeTrue(Files.isDirectory(Samples.payloads()), "skipped: no folder of real bodies beside this checkout");
    }

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void a_real_body_is_read(
            String file, String kinds, String pages, String users, String conversations, String buckets) {
        var events = Samples.events(Samples.payload(file));

        assertThat(joined(events.stream().map(event -> event.kind().name()).toList()))
                .isEqualTo(kinds);
        assertThat(joined(events.stream().map(Event::page).toList())).isEqualTo(pages);
        assertThat(joined(events.stream()
                        .map(event -> event.user() == null ? "-" : event.user())
                        .toList()))
                .isEqualTo(users);
        assertThat(joined(events.stream().map(Event::conversation).toList())).isEqualTo(conversations);
        assertThat(joined(events.stream().map(event -> event.bucket().wire()).toList()))
                .isEqualTo(buckets);
    }

    @Test
    void the_table_names_every_file() throws IOException {
        try (var files = Files.list(Samples.payloads())) {
            var names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(TABLE.lines().map(line -> line.substring(0, line.indexOf(','))))
                    .containsExactlyElementsOf(names);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void read_twice_it_has_the_same_keys_unless_it_is_a_dashboard_test(String file, String kinds, String pages) {
        var first =
                Samples.events(Samples.payload(file)).stream().map(Event::key).toList();
        var second = new Notifications().read("demo", Samples.payload(file), 7);

        assertThat(second).isInstanceOfSatisfying(Notifications.Reading.Events.class, reading -> {
            var keys = reading.events().stream().map(Event::key).toList();
            if (pages.equals("0")) {
                assertThat(keys).doesNotContainAnyElementsOf(first);
            } else {
                assertThat(keys).isEqualTo(first);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void cut_short_anywhere_it_is_unreadable_and_nothing_is_thrown(String file) {
        var body = Samples.payload(file);
        var length = new String(body, java.nio.charset.StandardCharsets.UTF_8)
                .stripTrailing()
                .length();

        for (var cut = 0; cut < length; cut++) {
            var part = Arrays.copyOf(body, cut);
            assertThatCode(() -> assertThat(Samples.reading(part)).isInstanceOf(Notifications.Reading.Unreadable.class))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void files_that_hold_the_same_message_hold_one_event() {
        var text = Samples.events(Samples.payload("messenger.message-text.restfb.json"));
        var reply = Samples.events(Samples.payload("messenger.message-reply-to-mid.restfb.json"));
        var plain = Samples.events(Samples.payload("messenger.postback-basic.restfb.json"));
        var referred = Samples.events(Samples.payload("messenger.postback-referral.restfb.json"));

        assertThat(text.get(0).key()).isEqualTo(reply.get(0).key());
        assertThat(plain.get(0).key()).isNotEqualTo(referred.get(0).key());
    }

    private static String joined(List<String> parts) {
        return String.join(" ", parts);
    }
}
