// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static dev.spillway.gateway.sandbox.GatewayStub.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.sandbox.Chromium.Look;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class ChatPageIT {
    private static Chromium chromium;

    private final Vertx vertx = Vertx.vertx();
    private GatewayStub gateway;
    private Sandbox sandbox;
    private Http http;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        gateway = GatewayStub.start(vertx);
        sandbox = await(Sandbox.start(
                vertx,
                SandboxOptions.defaults()
                        .withApp("demo", GatewayStub.secret(), gateway.url())
                        .withPage("100", "demo", "token", "Peter")));
        http = new Http(sandbox.url());
        gateway.onPosted(new EchoBot(http, "token")::hear);
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        await(vertx.close());
    }

    @ParameterizedTest
    @CsvSource({
        "desk-light, 1100, 800, false",
        "desk-dark, 1100, 800, true",
        "phone-light, 360, 740, false",
        "phone-dark, 360, 740, true"
    })
    void a_person_talks_with_a_bot(String name, int width, int height, boolean dark) {
        try (var page = chromium.open(sandbox.url(), new Look(width, height, dark))) {
            page.sees("Write to Peter");
            page.photograph(name + "-1-empty");

            page.says("hello <b>there</b> & ${you}");
            page.seesOwn("hello <b>there</b> & ${you}");
            page.seesReply("hello <b>there</b> & ${you}");
            page.seesDelivered();

            page.says("choose");
            page.seesReply("Which class are you in?");
            page.seesQuickReplies("Grade 6", "Grade 7", "Grade 8", "Grade 9", "Grade 10", "Français");
            page.photograph(name + "-2-choices");

            page.taps("Grade 9");
            page.seesOwn("Grade 9");
            page.seesReplyWith("Your exercise is with a tutor.");
            page.seesNoQuickReplies();
            assertThat(page.linkTo("Read the lesson")).isEqualTo("https://lesson.test/x");

            page.photograph(name + "-3-buttons");

            page.taps("Another exercise");
            page.seesReply("Tapped AGAIN");
            page.says("A long answer. ".repeat(20) + "W".repeat(80));
            page.says("wait");
            page.sees("The page is typing");
            page.photograph(name + "-4-talk");

            assertThat(page.scrollsSideways()).isFalse();
            assertThat(page.problems()).isEmpty();
        }
    }

    @Test
    void the_conversation_is_still_there_after_a_reload() {
        try (var page = chromium.open(sandbox.url(), Look.DESK)) {
            page.says("one");
            page.seesReply("one");
            page.says("two");
            page.seesReply("two");

            page.reloads();

            page.seesReply("two");
            assertThat(page.bubbles()).containsExactly("one", "one", "two", "two");
        }
    }

    @Test
    void a_link_with_a_ref_opens_the_conversation_once() {
        try (var page = chromium.open(sandbox.url() + "/?ref=Anna", Look.DESK)) {
            page.seesReply("Sent by Anna");
            page.sees("Opened by a link with ref “Anna”");
            assertThat(page.page().url()).doesNotContain("ref=");

            page.reloads();
            page.says("hello");
            page.seesReply("hello");

            assertThat(page.bubbles()).containsExactly("Get Started", "Sent by Anna", "hello", "hello");
        }
    }

    @Test
    void another_person_starts_with_an_empty_conversation() {
        try (var page = chromium.open(sandbox.url(), Look.DESK)) {
            page.taps("Get started");
            page.seesReply("Tapped GET_STARTED");

            page.taps("New person");

            page.sees("Write to Peter");
            assertThat(page.bubbles()).isEmpty();
        }
    }

    @Test
    void a_refused_webhook_shows_as_refused_and_then_as_delivered() {
        gateway.next(response -> response.setStatusCode(503).end());
        try (var page = chromium.open(sandbox.url(), Look.DESK)) {
            page.says("hello");

            page.sees("attempt 2");
            page.seesDelivered();
            page.seesReply("hello");
        }
    }

    @Test
    void everything_can_be_done_with_the_keyboard() {
        try (var page = chromium.open(sandbox.url(), Look.DESK)) {
            page.says("choose");
            page.seesQuickReplies("Grade 6", "Grade 7", "Grade 8", "Grade 9", "Grade 10", "Français");
            var keyboard = page.page().keyboard();

            for (var i = 0; i < 6; i++) {
                keyboard.press("Shift+Tab");
            }
            keyboard.press("Enter");
            page.seesOwn("Grade 6");
            page.seesReplyWith("Your exercise is with a tutor.");
            keyboard.type("from the keyboard");
            keyboard.press("Enter");

            page.seesReply("from the keyboard");
        }
    }

    @Test
    void when_the_sandbox_is_gone_the_page_says_so_and_keeps_the_text() throws Exception {
        try (var page = chromium.open(sandbox.url(), Look.DESK)) {
            await(sandbox.close());

            page.says("hello");

            page.sees("Not sent: the sandbox does not answer.");
            assertThat(page.page().getByLabel("Message").first().inputValue()).isEqualTo("hello");
        }
    }
}
