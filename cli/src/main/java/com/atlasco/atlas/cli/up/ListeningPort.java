package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.UsageException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The port that HTTP is to be served on. */
final class ListeningPort {

    /** Where development mode listens. */
    static final String LOOPBACK = "127.0.0.1";

    private ListeningPort() {}

    /**
     * Checks that a port can be listened on.
     *
     * @param host the address to listen on
     * @param port 0 for any free one
     * @throws UsageException when it is taken; the message names one that is free
     */
    static void check(String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new UsageException("--port takes a number from 0 (any free one) to 65535, not " + port + ".");
        }
        try {
            probe(host, port);
        } catch (BindException taken) {
            throw new UsageException("Port %d on %s is already in use%s. Choose another one, for example --port %d."
                    .formatted(port, host, port < 1024 ? " or reserved" : "", free(host, port)));
        } catch (IOException exception) {
            throw new UsageException("Port %d on %s cannot be used: %s. Choose another one with --port."
                    .formatted(port, host, exception.getMessage()));
        }
    }

    /** A free port, near to the one that is taken where that is possible. */
    private static int free(String host, int taken) {
        for (int port = Math.max(1024, taken + 1); port <= Math.min(65_535, taken + 20); port++) {
            try {
                return probe(host, port);
            } catch (IOException alsoTaken) {
                // The next one.
            }
        }
        try {
            return probe(host, 0);
        } catch (IOException none) {
            return 0;
        }
    }

    private static int probe(String host, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            // As the server does, so that connections that are still winding down do not count as a listener.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
            return socket.getLocalPort();
        }
    }
}
