// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A browser without a window, for tests of pages. Every opened page is a person of its own. Owned by one thread. */
public final class Chromium implements AutoCloseable {
    private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** What a page is looked at with. */
    public record Look(int width, int height, boolean dark) {
        public static final Look DESK = new Look(1100, 800, false);
    }

    /** Starts it. Without a chromium the test is skipped with the reason; where {@code CI} is true it fails. */
    public static Chromium launch() {
        if (!Files.isExecutable(EXECUTABLE)) {
            var reason = "no chromium at " + EXECUTABLE + ": install the Debian package chromium";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(reason);
            }
            System.err.println("skipped: " + reason);
            Assumptions.abort(reason);
        }
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(EXECUTABLE)
                        .setHeadless(true)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    /** Opens a chat page as a new person. */
    public ChatPage open(String url, Look look) {
        var context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(look.width(), look.height())
                .setReducedMotion(ReducedMotion.REDUCE)
                .setLocale("en-GB")
                .setColorScheme(look.dark() ? ColorScheme.DARK : ColorScheme.LIGHT));
        return new ChatPage(context, url);
    }

    @Override
    public void close() {
        playwright.close();
    }
}
