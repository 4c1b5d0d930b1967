// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;

/** Who used the processors in a round: from its start until it is asked. */
final class Meter {
    private final Contender contender;
    private final RedisServer redis;
    private final RedisLoad redisBefore;
    private final long contenderBefore;
    private final long machineBefore;
    private final long ownBefore;
    private final long startNanos = System.nanoTime();

    private Meter(Contender contender, RedisServer redis) throws IOException {
        this.contender = contender;
        this.redis = redis;
        this.redisBefore = redis.load();
        this.contenderBefore = ProcessTime.millis(contender.child().handle());
        this.machineBefore = ProcessTime.machineMillis();
        this.ownBefore = ProcessTime.ownMillis();
    }

    static Meter start(Contender contender, RedisServer redis) throws IOException {
        redis.socket().text("CONFIG", "RESETSTAT");
        return new Meter(contender, redis);
    }

    /**
     * What was used.
     *
     * @param othersShare how much of the machine went to processes that have nothing to do with the benchmark: 0 to 1
     */
    record Used(RedisLoad redis, long contenderMillis, double othersShare) {}

    Used used() throws IOException {
        var redisLoad = redis.load().since(redisBefore);
        var contenderMillis = ProcessTime.millis(contender.child().handle()) - contenderBefore;
        // The load generator is a child of ours that has ended.
        var ours = contenderMillis + redisLoad.process() / 1_000 + ProcessTime.ownMillis() - ownBefore;
        var others = ProcessTime.machineMillis() - machineBefore - ours;
        var all = (System.nanoTime() - startNanos) / 1e6 * Runtime.getRuntime().availableProcessors();
        return new Used(redisLoad, contenderMillis, Math.max(0, others / all));
    }
}
