// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A person at the chat page of a sandbox: says what they do and sees what comes back, by the names and roles that a
 * screen reader uses. Every {@code sees} waits up to 20 seconds. Owned by one thread.
 */
public final class ChatPage implements AutoCloseable {
    private static final double PATIENCE_MILLIS = 20_000;

    private final BrowserContext context;
    private final Page page;
    private final List<String> problems = new ArrayList<>();

    ChatPage(BrowserContext context, String url) {
        this.context = context;
        context.setDefaultTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                problems.add(message.text());
            }
        });
        page.onPageError(problems::add);
        page.navigate(url);
        sees(page.getByText("Connected"));
    }

    /** Types a message and sends it with the enter key. */
    public void says(String text) {
        var field = page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true));
        field.fill(text);
        field.press("Enter");
    }

    /** Taps a quick reply or a button by its title. */
    public void taps(String title) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(title).setExact(true))
                .click();
    }

    /** Waits until the page's bubble with exactly that text is there. */
    public void seesReply(String text) {
        sees(bubbles("page").filter(exactly(text)).last());
    }

    /** Waits until a reply contains that text. */
    public void seesReplyWith(String part) {
        sees(bubbles("page")
                .filter(new Locator.FilterOptions().setHasText(part))
                .last());
    }

    /** Waits until the person's own bubble with exactly that text is there. */
    public void seesOwn(String text) {
        sees(bubbles("user").filter(exactly(text)).last());
    }

    /** Waits until these quick replies, and no others, are offered. */
    public void seesQuickReplies(String... titles) {
        assertThat(quickReplies()).hasText(titles, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    /** Waits until no quick reply is offered. */
    public void seesNoQuickReplies() {
        assertThat(quickReplies()).hasCount(0);
    }

    /** Waits until the last thing that the person did was taken by the gateway. */
    public void seesDelivered() {
        sees(page.locator("[data-from=user] .delivery")
                .last()
                .and(page.getByText(Pattern.compile("^Delivered 200 in \\d+ ms"))));
    }

    /** Waits until that text is anywhere on the page. */
    public void sees(String text) {
        sees(page.getByText(text).locator("visible=true").first());
    }

    /** Where the link with that title leads. */
    public String linkTo(String title) {
        return String.valueOf(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(title))
                .getAttribute("href"));
    }

    /** All bubbles, from the first to the last. */
    public List<String> bubbles() {
        return page.locator(".bubble").allInnerTexts();
    }

    /** Loads the page anew, as the same person. */
    public void reloads() {
        page.reload();
        sees(page.getByText("Connected"));
    }

    /** Whether the page is wider than the window. */
    public boolean scrollsSideways() {
        return (Boolean) page.evaluate("document.documentElement.scrollWidth > innerWidth"
                + " || document.querySelector('main').scrollWidth > document.querySelector('main').clientWidth");
    }

    /** What the browser complained about: errors and warnings of the page, refused resources. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Keeps a picture in {@code target/screenshots}. */
    public void photograph(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name + ".png")));
    }

    /** The page itself, for what is not covered here. */
    public Page page() {
        return page;
    }

    @Override
    public void close() {
        context.close();
    }

    private Locator bubbles(String from) {
        return page.locator("[data-from=" + from + "] .bubble");
    }

    private Locator quickReplies() {
        return page.locator("#replies button");
    }

    private static Locator.FilterOptions exactly(String text) {
        return new Locator.FilterOptions().setHasText(Pattern.compile("^" + escaped(text) + "$"));
    }

    /** For the browser's regular expressions, which do not know {@link Pattern#quote}. */
    private static String escaped(String text) {
        return text.replaceAll("[\\\\^$.|?*+()\\[\\]{}]", "\\\\$0");
    }

    private static void sees(Locator locator) {
        locator.waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE_MILLIS));
    }
}
