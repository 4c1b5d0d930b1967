// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.UnblockType;
import io.lettuce.core.XReadArgs;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Tells intakes that something came, without any state at the server: a plain blocking XREAD, whose entries are thrown
 * away. (A blocked XREADGROUP on a dead socket would still be given entries, unseen.)
 *
 * <p>Each stream is watched from the smallest position of its intakes that have room; those without are left out, since
 * a full window would ring for ever. Every intake is asked after every time-out too, so a ring that is missed costs a
 * second. Threads: owned by one context.
 */
final class Bell {
    private static final long RETRY_MS = 100;

    private final Vertx vertx;
    private final Context context;
    private final RedisLink bell;
    private final Supplier<RedisLink> side;
    private final Set<Intake> intakes = new LinkedHashSet<>();
    private Map<String, String> waitedFor = Map.of();
    private boolean listening;
    private boolean blocked;
    private boolean stale;
    private boolean stopped;

    Bell(Vertx vertx, Context context, RedisLink bell, Supplier<RedisLink> side) {
        this.vertx = vertx;
        this.context = context;
        this.bell = bell;
        this.side = side;
    }

    /** Watches for an intake too, and asks it at once. */
    void add(Intake intake) {
        intakes.add(intake);
        intake.ring();
        changed();
    }

    /** Watches for it no more. */
    void remove(Intake intake) {
        intakes.remove(intake);
    }

    boolean isEmpty() {
        return intakes.isEmpty();
    }

    /** Whether the wait under way leaves something out that an intake has room for. */
    boolean isBehind() {
        return !blocked
                || !positions().entrySet().stream().allMatch(wanted -> {
                    var waited = waitedFor.get(wanted.getKey());
                    return waited != null && ORDER.compare(waited, wanted.getValue()) <= 0;
                });
    }

    /** An intake has room again: the wait under way does not know it. */
    void changed() {
        if (blocked && !stale) {
            stale = true;
            side.get().call(redis -> redis.clientUnblock(bell.clientId(), UnblockType.TIMEOUT));
        }
        listen();
    }

    /** Rings no more. */
    void stop() {
        stopped = true;
        intakes.clear();
    }

    private void listen() {
        if (listening || stopped) {
            return;
        }
        var positions = positions();
        if (positions.isEmpty()) {
            return;
        }
        listening = true;
        blocked = true;
        waitedFor = positions;
        stale = false;
        var offsets = positions.entrySet().stream()
                .map(entry ->
                        XReadArgs.StreamOffset.from(entry.getKey().getBytes(StandardCharsets.UTF_8), entry.getValue()))
                .toList();
        @SuppressWarnings({"unchecked", "rawtypes"}) // A generic array, for the varargs of the client library.
        XReadArgs.StreamOffset<byte[]>[] array = offsets.toArray(new XReadArgs.StreamOffset[0]);
        var wait = XReadArgs.Builder.block(RedisOptions.DOORBELL_WAIT).count(1);
        bell.call(redis -> redis.xread(wait, array)).onComplete(rung -> {
            blocked = false;
            answered(rung.succeeded() ? rung.result() : List.of(), rung.succeeded());
        });
    }

    private void answered(List<StreamMessage<byte[], byte[]>> messages, boolean well) {
        var rung = new HashSet<String>();
        messages.forEach(message -> rung.add(new String(message.getStream(), StandardCharsets.UTF_8)));
        var takes = new ArrayList<Future<Void>>();
        for (var intake : intakes) {
            if (rung.isEmpty() || rung.contains(key(intake))) {
                takes.add(intake.ring());
            }
        }
        Future.join(takes).onComplete(ignored -> {
            if (well) {
                again();
            } else {
                vertx.setTimer(RETRY_MS, alsoIgnored -> context.runOnContext(onceMore -> again()));
            }
        });
    }

    private void again() {
        listening = false;
        listen();
    }

    private Map<String, String> positions() {
        var positions = new TreeMap<String, String>();
        for (var intake : intakes) {
            if (intake.listening()) {
                positions.merge(key(intake), intake.position(), (a, b) -> ORDER.compare(a, b) <= 0 ? a : b);
            }
        }
        return positions;
    }

    private static String key(Intake intake) {
        return new StreamGroup(intake.stream(), "").streamKey(intake.partition());
    }

    /** Of ids of entries. */
    static final Comparator<String> ORDER =
            Comparator.<String>comparingLong(id -> part(id, 0)).thenComparingLong(id -> part(id, 1));

    private static long part(String id, int which) {
        var dash = id.indexOf('-');
        if (dash < 0) {
            return which == 0 ? Long.parseLong(id) : 0;
        }
        return which == 0 ? Long.parseLong(id, 0, dash, 10) : Long.parseUnsignedLong(id, dash + 1, id.length(), 10);
    }
}
