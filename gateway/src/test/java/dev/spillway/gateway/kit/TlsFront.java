// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Ends TLS in front of a server on a loopback port that knows none, as the embedded Redis. Threads: virtual ones. */
public final class TlsFront implements AutoCloseable {
    private static final int BUFFER_BYTES = 16_384;

    private final SSLServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger handshakes = new AtomicInteger();

    private TlsFront(SSLServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** {@code clientCertificate}: whether clients must show one. */
    public static TlsFront start(SSLContext context, int target, boolean clientCertificate) {
        try {
            var listener = (SSLServerSocket) context.getServerSocketFactory()
                    .createServerSocket(0, 128, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
            listener.setNeedClientAuth(clientCertificate);
            var front = new TlsFront(listener, target);
            Thread.ofVirtual().name("tls-accept").start(front::accept);
            return front;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections were let in. */
    public int handshakes() {
        return handshakes.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = (SSLSocket) listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closing) {
                // The next look at the listener ends this.
            }
        }
    }

    private void serve(SSLSocket client) {
        try (client;
                var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.startHandshake();
            handshakes.incrementAndGet();
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(server);
            var back = Thread.ofVirtual().start(() -> {
                pump(server, client);
            });
            pump(client, server);
            back.join();
        } catch (IOException refused) {
            // The other side sees that it was closed.
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void pump(Socket from, Socket to) {
        var buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException over) {
            // Either side has gone.
        }
        close(from);
        close(to);
        open.remove(from);
        open.remove(to);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Then there is nothing left to close.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        open.forEach(TlsFront::close);
    }
}
