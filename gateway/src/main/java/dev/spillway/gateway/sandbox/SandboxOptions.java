// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a sandbox is set up. Start from {@link #defaults} and change what differs.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 takes any free one
 * @param apps by the name that the webhook path ends with
 * @param pages by page id
 * @param echoes whether an accepted send comes back as an echo
 * @param latency how long a send takes until its answer
 * @param webhookTimeout how long a webhook may take until its answer; the platform allows 5 seconds
 * @param retryBackoff the first pause after the immediate retries of a webhook; later ones double, up to a minute
 * @param retryHorizon when the retries of a webhook end; the platform gives up after an hour
 * @param callsMax how many calls are remembered, the newest
 */
public record SandboxOptions(
        String host,
        int port,
        Map<String, App> apps,
        Map<String, Page> pages,
        boolean echoes,
        Duration latency,
        Duration webhookTimeout,
        Duration retryBackoff,
        Duration retryHorizon,
        int callsMax) {

    public SandboxOptions {
        apps = Map.copyOf(apps);
        pages = Map.copyOf(pages);
        apps.forEach(SandboxOptions::check);
        for (var page : pages.entrySet()) {
            check(page.getKey(), page.getValue(), apps);
        }
        if (callsMax < 1) {
            throw new IllegalArgumentException("callsMax: " + callsMax + " (expected: 1 or more)");
        }
    }

    private static void check(String name, App app) {
        if (app.secret().isEmpty()) {
            throw new IllegalArgumentException("app " + name + " without a secret (expected: one)");
        }
    }

    private static void check(String id, Page page, Map<String, App> apps) {
        if (!Ids.isPlain(id) || page.token().isEmpty() || !apps.containsKey(page.app())) {
            throw new IllegalArgumentException(
                    "page " + id + " (expected: an id of 1 to 64 letters or digits, a token, one of the apps)");
        }
    }

    /** No apps and no pages yet, on any free port of the loopback address. */
    public static SandboxOptions defaults() {
        return new SandboxOptions(
                "127.0.0.1",
                0,
                Map.of(),
                Map.of(),
                true,
                Duration.ZERO,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                100_000);
    }

    /**
     * An app of the platform.
     *
     * @param secret signs its webhooks
     * @param webhook the URL that its webhooks go to; empty until {@link Sandbox#webhook} names one
     * @param id the number that echoes carry
     */
    public record App(String secret, String webhook, long id) {
        @Override
        public String toString() {
            return "App(" + id + ")";
        }
    }

    /**
     * A page that people write to.
     *
     * @param app the app that is subscribed to it
     * @param token allows sending as the page
     * @param name what the chat page shows
     */
    public record Page(String app, String token, String name) {
        @Override
        public String toString() {
            return "Page(" + name + " of " + app + ")";
        }
    }

    /** The same on another address. */
    public SandboxOptions withAddress(String newHost, int newPort) {
        return new SandboxOptions(
                newHost, newPort, apps, pages, echoes, latency, webhookTimeout, retryBackoff, retryHorizon, callsMax);
    }

    /** The same with one more app; its number follows from its name. */
    public SandboxOptions withApp(String name, String secret, String webhook) {
        var id = 1_500_000_000_000_000L + Integer.toUnsignedLong(name.hashCode());
        return withApps(plus(apps, name, new App(secret, webhook, id)));
    }

    /** The same with one more page of an app that is already there; the page's name is its id. */
    public SandboxOptions withPage(String id, String app, String token) {
        return withPage(id, app, token, id);
    }

    /** The same with one more page of an app that is already there. */
    public SandboxOptions withPage(String id, String app, String token, String name) {
        return withPages(plus(pages, id, new Page(app, token, name)));
    }

    /** The same with these pages instead. */
    public SandboxOptions withPages(Map<String, Page> newPages) {
        return new SandboxOptions(
                host, port, apps, newPages, echoes, latency, webhookTimeout, retryBackoff, retryHorizon, callsMax);
    }

    /** The same with echoes on or off. */
    public SandboxOptions withEchoes(boolean on) {
        return new SandboxOptions(
                host, port, apps, pages, on, latency, webhookTimeout, retryBackoff, retryHorizon, callsMax);
    }

    /** The same with another time from a send to its answer. */
    public SandboxOptions withLatency(Duration newLatency) {
        return new SandboxOptions(
                host, port, apps, pages, echoes, newLatency, webhookTimeout, retryBackoff, retryHorizon, callsMax);
    }

    /** The same with other times for webhooks: until an answer, the first pause between retries, and the end of them. */
    public SandboxOptions withWebhookTimes(Duration timeout, Duration backoff, Duration horizon) {
        return new SandboxOptions(host, port, apps, pages, echoes, latency, timeout, backoff, horizon, callsMax);
    }

    /** The same remembering another number of calls. */
    public SandboxOptions withCallsMax(int newCallsMax) {
        return new SandboxOptions(
                host, port, apps, pages, echoes, latency, webhookTimeout, retryBackoff, retryHorizon, newCallsMax);
    }

    private SandboxOptions withApps(Map<String, App> newApps) {
        return new SandboxOptions(
                host, port, newApps, pages, echoes, latency, webhookTimeout, retryBackoff, retryHorizon, callsMax);
    }

    private static <V> Map<String, V> plus(Map<String, V> map, String key, V value) {
        var more = new TreeMap<>(map);
        more.put(key, value);
        return more;
    }
}
