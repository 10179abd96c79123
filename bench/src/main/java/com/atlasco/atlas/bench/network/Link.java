package com.atlasco.atlas.bench.network;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection over a line. Thread-safe. */
final class Link {

    private static final Logger LOGGER = LoggerFactory.getLogger(Link.class);

    private final Socket client;
    private final Socket server;
    private final Line line;

    Link(Socket client, Socket server, Line line) {
        this.client = client;
        this.server = server;
        this.line = line;
    }

    /** Carries bytes until both ends have said that they are through, or one is gone. */
    void run() throws InterruptedException {
        line.add(this);
        CountDownLatch ended = new CountDownLatch(2);
        try {
            carry(client, server, line.toServer(), ended);
            carry(server, client, line.toClient(), ended);
            ended.await();
        } finally {
            line.remove(this);
            close(client);
            close(server);
        }
    }

    private void carry(Socket from, Socket to, Way way, CountDownLatch ended) {
        Pipe pipe = new Pipe(from, to, way);
        Thread reading = Thread.ofVirtual().name("bench-relay-in").start(pipe::read);
        Thread.ofVirtual().name("bench-relay-out").start(() -> {
            try {
                if (!pipe.write()) {
                    reset();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } finally {
                reading.interrupt();
                ended.countDown();
            }
        });
    }

    /** Both ends get a reset in place of what was under way. */
    void reset() {
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException gone) {
                LOGGER.debug("A connection was closed already: {}", gone.toString());
            }
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            LOGGER.debug("A connection cannot be closed: {}", gone.toString());
        }
    }
}
