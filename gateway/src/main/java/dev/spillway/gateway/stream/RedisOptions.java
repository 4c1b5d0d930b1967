// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import java.time.Duration;

/** How we use the client library, and why: see docs/adr/0002. */
final class RedisOptions {
    /** How long a doorbell waits at the server. */
    static final Duration DOORBELL_WAIT = Duration.ofSeconds(1);

    /** How long a connection may owe an answer before it is given up. */
    static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    static final ClientOptions NEVER_REPLAY = ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            // A far backstop only: what is in flight is bounded where it is made.
            .requestQueueSize(100_000)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            // A timer for every command costs more than the command. A connection that stands still is noticed instead.
            .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
            .socketOptions(SocketOptions.builder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .keepAlive(true)
                    .tcpNoDelay(true)
                    .build())
            .build();

    private RedisOptions() {}
}
