// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The model behind a gate: calls can be seen, held up, and failed. */
public final class StoreGate {
    private static final Duration VALID = Duration.ofSeconds(4);

    /** One call of the store. */
    public record Call(String name, List<Object> arguments) {}

    private final InMemoryPartitionStore model;
    private final PartitionStore store;
    private final List<Call> calls = new ArrayList<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean closed;
    private Predicate<Call> failing = call -> false;
    private @Nullable RuntimeException failure;

    /** A gate that lets everything through. */
    public StoreGate(LongSupplier nanos) {
        model = new InMemoryPartitionStore(() -> 1_800_000_000_000L + nanos.getAsLong() / 1_000_000);
        store = (PartitionStore) Proxy.newProxyInstance(
                PartitionStore.class.getClassLoader(),
                new Class<?>[] {PartitionStore.class},
                (proxy, method, arguments) -> pass(method, arguments));
    }

    /** The store seen through the gate. */
    public PartitionStore store() {
        return store;
    }

    InMemoryPartitionStore model() {
        return model;
    }

    /** Makes the owner of {@link #tenure} hold the first partition of a subscription. */
    public void lease(Subscription subscription) {
        var unused = model.lease(0, StreamGroup.of(subscription), "a:1", VALID, false);
    }

    /** The same for the replies. */
    public void leaseReplies() {
        var unused = model.lease(0, StreamGroup.DISPATCH, "a:1", VALID, false);
    }

    /** Another owner gives and takes the replies' lease. */
    public void loseLeases() {
        var unusedGone = model.release(0, StreamGroup.DISPATCH, new Fence("a:1", 1));
        var unusedTaken = model.lease(0, StreamGroup.DISPATCH, "b:1", VALID, false);
    }

    /** Every call so far. */
    public List<Call> calls() {
        return calls;
    }

    /** How many calls of a name there were. */
    public long count(String name) {
        return calls.stream().filter(call -> call.name().equals(name)).count();
    }

    /** Holds calls up from now on. */
    public void close() {
        closed = true;
    }

    /** Lets one that waits through. */
    public void letOne() {
        waiting.removeFirst().run();
    }

    /** Lets all through that wait and that come. */
    public void open() {
        closed = false;
        while (!waiting.isEmpty()) {
            letOne();
        }
    }

    /** How many calls wait. */
    public int waiting() {
        return waiting.size();
    }

    /** These calls fail from now on, without being made. */
    public void fail(Predicate<Call> which, RuntimeException with) {
        failing = which;
        failure = with;
    }

    /** All calls fail as if Redis were away. */
    public void away() {
        fail(call -> true, new StoreUnavailable("away"));
    }

    /** Those of a name fail as if the lease were another's. */
    public void fenced(String name) {
        fail(call -> call.name().equals(name), new LeaseLost("FENCED"));
    }

    /** Nothing fails any more. */
    public void heal() {
        failing = call -> false;
    }

    /** A tenure of the first partition, as valid as its clock says. */
    public static Tenure tenure(LongSupplier nanos, Runnable onFenced) {
        return tenure(nanos, onFenced, 0, Suspects.NONE);
    }

    /** The same, taken from owners that died. */
    public static Tenure tenure(LongSupplier nanos, Runnable onFenced, int takeovers, Suspects suspects) {
        var generation = new ServerGeneration("run", "replication");
        var held = new LeaseAnswer.Held(new Fence("a:1", 1), takeovers, suspects);
        return new Tenure(
                0,
                held,
                generation,
                nanos,
                VALID,
                nanos.getAsLong(),
                ignored -> onFenced.run(),
                ignored -> onFenced.run());
    }

    private Object pass(Method method, Object[] arguments) {
        var call = new Call(method.getName(), List.of(arguments));
        calls.add(call);
        if (failing.test(call) && failure != null) {
            return Future.failedFuture(failure);
        }
        if (!closed) {
            return made(method, arguments);
        }
        Promise<Object> promise = Promise.promise();
        waiting.addLast(() -> made(method, arguments).onComplete(promise));
        return promise.future();
    }

    @SuppressWarnings("unchecked") // Every method of the store returns a future.
    private Future<Object> made(Method method, Object[] arguments) {
        try {
            return (Future<Object>) method.invoke(model, arguments);
        } catch (IllegalAccessException | InvocationTargetException broken) {
            throw new LinkageError(broken.getMessage(), broken);
        }
    }
}
