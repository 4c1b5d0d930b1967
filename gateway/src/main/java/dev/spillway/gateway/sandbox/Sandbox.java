// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running stand-in for the Messenger Platform. Mirrors the platform's webhook and Send API documentation of 2026.
 *
 * <p>One server has it all: the Send API at {@code /{version}/{page}/messages}, the control API under
 * {@code /sandbox/}, and the chat page at {@code /}.
 *
 * <p>Threads: every method may be called from any thread, and none waits. Futures complete on an event loop.
 */
public final class Sandbox {
    private final Vertx vertx;
    private final String deployment;
    private final Machine machine;

    private Sandbox(Vertx vertx, String deployment, Machine machine) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.machine = machine;
    }

    /** Starts one; fails when the port is taken. */
    public static Future<Sandbox> start(Vertx vertx, SandboxOptions options) {
        var machine = new Machine(options);
        return vertx.deployVerticle(machine).map(deployment -> new Sandbox(vertx, deployment, machine));
    }

    /** The port that it listens on. */
    public int port() {
        return machine.parts().server().actualPort();
    }

    /** Where the Graph API and the chat page are: {@code http://127.0.0.1:8090}. */
    public String url() {
        return "http://" + machine.options.host() + ":" + port();
    }

    /** Stops it: what waits to be delivered is given up. */
    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }

    /** Sends the webhooks of that app to this URL from now on; an empty URL makes every attempt fail. */
    public void webhook(String app, String url) {
        machine.parts().client().target(app, url);
    }

    /** A person writes. Ends when the gateway took the event, or when it was given up. */
    public Future<Delivered> sendText(String page, String user, String text) {
        return send(page, user, new UserEvent.Text(text), 1);
    }

    /** A person taps a quick reply. */
    public Future<Delivered> sendQuickReply(String page, String user, String title, String payload) {
        return send(page, user, new UserEvent.QuickReply(title, payload), 1);
    }

    /** A person taps a button. */
    public Future<Delivered> sendPostback(String page, String user, String title, String payload) {
        return send(page, user, new UserEvent.Postback(title, payload, ""), 1);
    }

    /** A person follows a link with that ref into a conversation that is already there. */
    public Future<Delivered> sendReferral(String page, String user, String ref) {
        return send(page, user, new UserEvent.Referral(ref), 1);
    }

    /**
     * Delivers what a person did, the same bytes {@code copies} times (1 to 1,000), in the order of the conversation.
     * Fails for a page it does not have, and when 100,000 events wait already.
     */
    public Future<Delivered> send(String page, String user, UserEvent event, int copies) {
        return onContext(() -> machine.parts().platform().happen(page, user, event, copies, attempt -> {}));
    }

    /** Signs these bytes with the secret of that app and posts them once; 0 if there was no answer in time. */
    public Future<Integer> postRaw(String app, byte[] body) {
        var copy = Buffer.buffer(body);
        return onContext(() -> machine.parts().client().post(app, copy));
    }

    /** The calls in the order in which they came; the newest of them, when there were too many. */
    public List<Call> calls() {
        return machine.log.list(any -> true);
    }

    /** The calls of that page. */
    public List<Call> calls(String page) {
        return machine.log.list(call -> call.page().equals(page));
    }

    /** Ends with all calls once {@code count} came since the start or the last reset; fails after the timeout. */
    public Future<List<Call>> awaitCalls(long count, Duration timeout) {
        var reached = machine.log.await(count);
        var timer = vertx.setTimer(
                Math.max(1, timeout.toMillis()),
                late -> reached.tryFail("after " + timeout + ": " + machine.log.count() + " of " + count + " calls"));
        return reached.future().onComplete(ended -> vertx.cancelTimer(timer));
    }

    /** The next call of any page meets this fault. */
    public void fault(Fault fault) {
        fault(fault, null, 1);
    }

    /**
     * The next calls meet this fault.
     *
     * @param page whose calls; null for every page's
     * @param times how many calls; 0 for all until {@link #clearFaults}
     */
    public void fault(Fault fault, @Nullable String page, int times) {
        if (times < 0 || !machine.faults.add(new Faults.Rule(fault, page, times))) {
            throw new IllegalArgumentException("times: " + times + " (expected: 0 or more, in at most 1000 faults)");
        }
    }

    /** Every call is met as usual again. */
    public void clearFaults() {
        machine.faults.clear();
    }

    /** What the usage header says of that page from now on. */
    public void usage(String page, int percent, int regainMinutes) {
        machine.parts().graph().usage(page, new GraphEndpoint.Usage(percent, regainMinutes));
    }

    /** Forgets calls, faults, usage and chats; what is under way goes on. */
    public Future<Void> reset() {
        return onContext(() -> {
            machine.reset();
            return Future.succeededFuture();
        });
    }

    private <T> Future<T> onContext(Supplier<Future<T>> action) {
        return Future.future(promise -> machine.onContext(() -> action.get().onComplete(promise)));
    }
}
