// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.gateway.sandbox.SandboxOptions.Page;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes webhooks of what people and pages do. Owned by the sandbox's context. */
final class Platform {
    private static final int COPIES_MAX = 1_000;

    private final SandboxOptions options;
    private final Webhooks webhooks;
    private final Ids ids;
    private final InstantSource clock;

    Platform(SandboxOptions options, Webhooks webhooks, Ids ids, InstantSource clock) {
        this.options = options;
        this.webhooks = webhooks;
        this.ids = ids;
        this.clock = clock;
    }

    /** Delivers what a person did, the same bytes {@code copies} times; ends with the last of them. */
    Future<Delivered> happen(String page, String user, UserEvent event, int copies, Consumer<Attempt> watcher) {
        var known = options.pages().get(page);
        if (known == null || !Ids.isPlain(user) || copies < 1 || copies > COPIES_MAX) {
            return Future.failedFuture(new IllegalArgumentException("an event of an unknown page, an odd user or "
                    + copies + " copies (expected: 1.." + COPIES_MAX + ")"));
        }
        var mid = ids.mid();
        var body = Buffer.buffer(Envelopes.event(page, user, mid, clock.millis(), event));
        var posting = new Webhooks.Posting(
                page + ":" + user, known.app(), body, event instanceof UserEvent.Referral ? null : mid, watcher);
        var last = webhooks.deliver(posting);
        for (var copy = 1; copy < copies; copy++) {
            last = webhooks.deliver(posting);
        }
        return last;
    }

    /** Tells the page's app of its own send, if echoes are on and the person is known by id. */
    void echo(String page, Checked.Recipient to, String mid, @Nullable String metadata, JsonNode message) {
        var sender = options.pages().get(page);
        if (sender == null || !options.echoes() || !to.isId()) {
            return;
        }
        var body = Buffer.buffer(Envelopes.echo(page, to.value(), app(sender), mid, metadata, clock.millis(), message));
        // Where too many wait, the echo is lost: the platform does not promise it either.
        webhooks.deliver(new Webhooks.Posting(page + ":" + to.value(), sender.app(), body, mid, attempt -> {}));
    }

    private long app(Page page) {
        var app = options.apps().get(page.app());
        return app == null ? 0 : app.id();
    }
}
