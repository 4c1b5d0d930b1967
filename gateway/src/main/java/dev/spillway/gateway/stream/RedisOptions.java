// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How we use the client library, and why: see docs/adr/0002. */
final class RedisOptions {
    /** How long a doorbell waits at the server. */
    static final Duration DOORBELL_WAIT = Duration.ofSeconds(1);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    static final ClientOptions NEVER_REPLAY = ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            // A far backstop only: what is in flight is bounded where it is made.
            .requestQueueSize(100_000)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .timeoutOptions(
                    TimeoutOptions.builder().timeoutSource(new Timeouts()).build())
            .socketOptions(SocketOptions.builder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .keepAlive(true)
                    .tcpNoDelay(true)
                    .build())
            .build();

    private RedisOptions() {}

    private static final class Timeouts extends TimeoutOptions.TimeoutSource {
        @Override
        public long getTimeout(RedisCommand<?, ?, ?> command) {
            var waits = command.getType() == CommandType.XREAD ? DOORBELL_WAIT : Duration.ZERO;
            return waits.plus(COMMAND_TIMEOUT).toMillis();
        }

        @Override
        public TimeUnit getTimeUnit() {
            return TimeUnit.MILLISECONDS;
        }
    }
}
