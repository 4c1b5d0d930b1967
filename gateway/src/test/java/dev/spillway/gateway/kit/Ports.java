// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports for processes that come and go while their address stays. Threads: any. */
public final class Ports {
    private static final int TRIED_MAX = 100;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** A free one below those of outgoing connections, none of which can take it while nobody listens there; each only once. */
    public static int toKeep() {
        for (var tried = 1; tried <= TRIED_MAX; tried++) {
            var candidate = ThreadLocalRandom.current().nextInt(16_000, 32_000);
            try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN.add(candidate)) {
                    return socket.getLocalPort();
                }
            } catch (BindException taken) {
                // Another, then.
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        throw new IllegalStateException("no free port after " + TRIED_MAX + " trials");
    }
}
