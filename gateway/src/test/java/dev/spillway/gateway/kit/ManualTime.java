// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.TreeMap;

/** Timers and a clock that move only when told, and a context that runs everything at once. For one thread. */
public final class ManualTime {
    private record Timer(long id, long everyNanos, Handler<Long> handler) {}

    // By due time, then by the order in which they were set.
    private final TreeMap<Long, TreeMap<Long, Timer>> timers = new TreeMap<>();
    private final Vertx vertx = fake(Vertx.class, (proxy, method, arguments) -> switch (method.getName()) {
        case "setTimer" -> set((Long) arguments[0], false, arguments[1]);
        case "setPeriodic" -> set((Long) arguments[0], true, arguments[1]);
        case "cancelTimer" -> cancel((Long) arguments[0]);
        default -> throw new UnsupportedOperationException(method.getName());
    });
    private final Context context = fake(Context.class, (proxy, method, arguments) -> {
        if (!method.getName().equals("runOnContext")) {
            throw new UnsupportedOperationException(method.getName());
        }
        Handlers.run(arguments[0]);
        return null;
    });
    private long nowNanos = 1;
    private long timersSet;

    /** Timers only. */
    public Vertx vertx() {
        return vertx;
    }

    /** Runs what it is given at once. */
    public Context context() {
        return context;
    }

    /** The monotonic clock. */
    public long nanos() {
        return nowNanos;
    }

    /** Goes on by this much; what falls due runs at its own instant. */
    public void advance(Duration time) {
        var until = nowNanos + time.toNanos();
        while (!timers.isEmpty() && timers.firstKey() <= until) {
            nowNanos = timers.firstKey();
            var due = timers.firstEntry().getValue();
            var timer = due.pollFirstEntry().getValue();
            if (due.isEmpty()) {
                timers.pollFirstEntry();
            }
            if (timer.everyNanos > 0) {
                put(nowNanos + timer.everyNanos, timer);
            }
            timer.handler.handle(timer.id);
        }
        nowNanos = until;
    }

    private long set(long millis, boolean periodic, Object handler) {
        var nanos = Duration.ofMillis(millis).toNanos();
        var timer = new Timer(++timersSet, periodic ? nanos : 0, Handlers.of(handler));
        put(nowNanos + nanos, timer);
        return timer.id;
    }

    private void put(long due, Timer timer) {
        timers.computeIfAbsent(due, ignored -> new TreeMap<>()).put(timer.id, timer);
    }

    private boolean cancel(long id) {
        var there = timers.values().stream().anyMatch(due -> due.remove(id) != null);
        timers.values().removeIf(TreeMap::isEmpty);
        return there;
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static final class Handlers {
        private Handlers() {}

        @SuppressWarnings("unchecked") // The only types that the faked methods take.
        static Handler<Long> of(Object handler) {
            return (Handler<Long>) handler;
        }

        @SuppressWarnings("unchecked") // As above.
        static void run(Object handler) {
            ((Handler<Void>) handler).handle(null);
        }
    }
}
