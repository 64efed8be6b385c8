package io.drey.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and a server, and breaks what the network between them would. Knows nothing of what it carries. */
final class TcpProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final URI server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean refuses;
    private volatile boolean swallows;

    TcpProxy(URI server) {
        this.server = server;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Where clients connect to. */
    URI address() {
        return URI.create(server.getScheme() + "://127.0.0.1:" + listener.getLocalPort());
    }

    /** Connections so far. */
    int accepted() {
        return accepted.get();
    }

    /** Cuts all connections that are open. */
    void cut() {
        open.forEach(TcpProxy::close);
        open.clear();
    }

    /** Whether new connections are cut at once. */
    void refuses(boolean now) {
        refuses = now;
    }

    /** Whether nothing goes through any more, while connections stay open: a network that lost its memory. */
    void swallows(boolean now) {
        swallows = now;
    }

    /** From now on nothing goes through the connections that are open, which stay so; new ones work. */
    void swallowsOpen() {
        silent.addAll(open);
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                accepted.incrementAndGet();
                if (refuses) {
                    close(client);
                    continue;
                }
                var upstream = new Socket(server.getHost(), server.getPort());
                open.add(client);
                open.add(upstream);
                Thread.ofVirtual().start(() -> carry(client, upstream));
                Thread.ofVirtual().start(() -> carry(upstream, client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void carry(Socket from, Socket to) {
        var buffer = new byte[8192];
        try {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!swallows && !silent.contains(from)) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            // One of the two has closed; so does the other.
        }
        close(from);
        close(to);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
