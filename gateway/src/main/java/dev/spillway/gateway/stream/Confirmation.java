// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.config.Settings;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What the server must tell us beyond its answer before a write counts: that replicas have it too.
 *
 * <p>The number it answers is what counts. A replica that is frozen or cut off makes WAIT answer less, and an
 * acknowledgement that ignored that would be lost in the failover.
 *
 * @param replicas how many must have the write; 0 asks for nothing
 * @param onDisk they, and the server itself, must have it on disk
 */
record Confirmation(int replicas, boolean onDisk) {
    static final Confirmation NONE = new Confirmation(0, false);

    /** How long the server may take over one answer; then it is asked again. */
    private static final long ASK_MS = 250;

    private static final ProtocolKeyword WAITAOF = new ProtocolKeyword() {
        private static final byte[] NAME = "WAITAOF".getBytes(StandardCharsets.US_ASCII);

        @Override
        public byte[] getBytes() {
            return NAME;
        }

        @Override
        public String toString() {
            return "WAITAOF";
        }
    };

    /** What a durability asks for. */
    static Confirmation of(Settings.Redis redis) {
        return switch (redis.durability()) {
            case MEMORY, EVERYSEC, FSYNC -> NONE;
            case REPLICATED -> new Confirmation(redis.replicas(), false);
            case FSYNC_REPLICATED -> new Confirmation(redis.replicas(), true);
        };
    }

    boolean isNeeded() {
        return replicas > 0;
    }

    /** Asks for all that this connection wrote before. Succeeds with whether enough have it. */
    CompletionStage<Boolean> ask(RedisAsyncCommands<byte[], byte[]> redis) {
        if (!onDisk) {
            return redis.waitForReplication(replicas, ASK_MS).thenApply(have -> have >= replicas);
        }
        var arguments =
                new CommandArgs<>(ByteArrayCodec.INSTANCE).add(1).add(replicas).add(ASK_MS);
        return redis.dispatch(WAITAOF, new ArrayOutput<>(ByteArrayCodec.INSTANCE), arguments)
                .thenApply(this::enough);
    }

    private boolean enough(List<Object> local) {
        return (Long) local.get(0) >= 1 && (Long) local.get(1) >= replicas;
    }
}
