package com.atlasco.atlas.bench.network;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections on the loopback and carries them over a line to where they want. It sees bytes and not packets: it
 * cannot lose, reorder or duplicate single ones, only do to a connection what these do in the end. Thread-safe.
 */
public final class Relay implements Closeable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Relay.class);
    private static final int CONNECT_MILLIS = 5_000;

    private final ServerSocket listening;
    private final Greeting greeting;

    /** Learns from a client where it wants to. */
    @FunctionalInterface
    private interface Greeting {
        void meet(Socket client) throws IOException, InterruptedException;
    }

    private Relay(Greeting greeting) throws IOException {
        this.greeting = greeting;
        this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("bench-relay").start(this::accept);
    }

    /** All connections go to the same server, over the same line. */
    public static Relay to(InetSocketAddress server, Line line) throws IOException {
        return new Relay(client -> {
            try (Socket connected = connect(server)) {
                new Link(client, connected, line).run();
            }
        });
    }

    /**
     * A SOCKS5 proxy without authentication, on which a JVM's sockets can be led past their program.
     *
     * @param lines by the port of the server; the same one each time for a port
     */
    public static Relay socks(IntFunction<Line> lines) throws IOException {
        return new Relay(client -> {
            InetSocketAddress address = Socks.request(client);
            Line line = lines.apply(address.getPort());
            // What opens a connection goes both ways.
            line.toServer().await(0);
            line.toClient().await(0);
            try (Socket server = connect(address)) {
                Socks.answer(client, true);
                new Link(client, server, line).run();
            } catch (ConnectException refused) {
                Socks.answer(client, false);
                throw refused;
            }
        });
    }

    /** Where it listens, on the loopback. */
    public int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().name("bench-relay-link").start(() -> serve(client));
            } catch (IOException closed) {
                LOGGER.debug("No more connections are accepted: {}", closed.toString());
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            greeting.meet(client);
        } catch (IOException failed) {
            LOGGER.debug("A connection came to nothing: {}", failed.toString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket server = new Socket();
        try {
            server.setTcpNoDelay(true);
            server.connect(address, CONNECT_MILLIS);
        } catch (IOException refused) {
            server.close();
            throw refused;
        }
        return server;
    }

    /** Accepts no more; what is connected stays until one of its ends leaves. */
    @Override
    public void close() throws IOException {
        listening.close();
    }
}
