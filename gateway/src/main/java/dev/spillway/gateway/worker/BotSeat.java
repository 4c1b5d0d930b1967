// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.stream.HeldPartitions;
import dev.spillway.gateway.stream.LeaseKeeper;
import dev.spillway.gateway.stream.RegisterRow;
import io.vertx.core.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one bot of this process at its subscription: works on the generation that the register names, and rests or
 * moves when the register says so.
 *
 * <p>Threads: owned by one context.
 */
final class BotSeat {
    private static final Logger log = LoggerFactory.getLogger(BotSeat.class);

    private record Work(RegisterRow row, LeaseKeeper keeper, HeldPartitions held) {}

    private final String name;
    private final Function<RegisterRow, HeldPartitions> holder;
    private final BiFunction<RegisterRow, HeldPartitions, LeaseKeeper> keeper;
    private @Nullable Work work;
    private Future<Void> left = Future.succeededFuture();
    private boolean draining;

    BotSeat(
            String name,
            Function<RegisterRow, HeldPartitions> holder,
            BiFunction<RegisterRow, HeldPartitions, LeaseKeeper> keeper) {
        this.name = name;
        this.holder = holder;
        this.keeper = keeper;
    }

    String name() {
        return name;
    }

    /** What the register says of the subscription now; null if it has none of the name. */
    void told(@Nullable RegisterRow row) {
        if (draining) {
            return;
        }
        var now = work;
        if (row == null || row.state() == RegisterRow.State.REMOVING) {
            if (now != null) {
                log.atWarn()
                        .addKeyValue("subscription", now.row().subscription().id())
                        .log("The subscription of a bot was removed: the bot gets nothing until its gateway starts"
                                + " anew");
                leave(now);
            }
        } else if (now == null) {
            // Not before what is in work for an older generation has ended: it would be done twice at once.
            if (row.state() == RegisterRow.State.READY && left.isComplete()) {
                sit(row);
            }
        } else if (now.row().subscription().equals(row.subscription())) {
            now.held().pause(row.paused());
        } else {
            log.atInfo()
                    .addKeyValue("subscription", row.subscription().id())
                    .log("The subscription of a bot was reset: the bot moves to its new generation");
            leave(now);
        }
    }

    /** How many partitions are held, and of those the first. */
    int held() {
        return work == null ? 0 : work.keeper().held();
    }

    boolean holdsFirst() {
        return work != null && work.keeper().tenures().stream().anyMatch(tenure -> tenure.partition() == 0);
    }

    /** Gives everything back, for good. */
    Future<Void> drain() {
        draining = true;
        if (work != null) {
            leave(work);
        }
        return left;
    }

    private void sit(RegisterRow row) {
        var held = holder.apply(row);
        held.pause(row.paused());
        var leases = keeper.apply(row, held);
        work = new Work(row, leases, held);
        leases.start();
    }

    private void leave(Work now) {
        work = null;
        left = now.keeper().drain();
    }
}
