package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.Session;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first connection of a pool breaks at the worst moment: while it is being set up. */
@ExtendWith(TestCluster.class)
class BrokenFirstConnectionIT {

    private final TestDatabase database;

    BrokenFirstConnectionIT(TestDatabase database) {
        this.database = database;
    }

    @Test
    void thePoolWorksAgain() throws IOException {
        try (BreakingRelay relay = new BreakingRelay(database.primary().port())) {
            String url = database.jdbcUrl().replace(":" + database.primary().port() + "/", ":" + relay.port() + "/");
            assertThat(url).contains(Integer.toString(relay.port()));
            PostgresSettings settings = new PostgresSettings(
                            url, database.superuser(), database.password(), 2, Duration.ofSeconds(20), "atlas-it")
                    .within(Duration.ofSeconds(2));
            try (Database pool = Database.open(settings)) {
                await().atMost(Duration.ofSeconds(20)).until(() -> answers(pool));
            }
            assertThat(relay.broken()).as("connections that were broken").isPositive();
        }
    }

    private static boolean answers(Database pool) {
        try {
            return pool.run(Session::flushedPosition).lsn().value() > 0;
        } catch (AtlasException away) {
            return false;
        }
    }

    /** Passes everything on, but ends the first connection when the client asks for its isolation. */
    private static final class BreakingRelay implements AutoCloseable {

        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicInteger broken = new AtomicInteger();
        private final AtomicInteger accepted = new AtomicInteger();
        private final int target;

        BreakingRelay(int target) throws IOException {
            this.target = target;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        int broken() {
            return broken.get();
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = listening.accept();
                    boolean breaks = accepted.getAndIncrement() == 0;
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    Thread.ofVirtual().start(() -> pass(client, server, breaks));
                    Thread.ofVirtual().start(() -> pass(server, client, false));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        private void pass(Socket from, Socket to, boolean breaks) {
            byte[] buffer = new byte[65_536];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (breaks
                            && new String(buffer, 0, read, StandardCharsets.ISO_8859_1)
                                    .contains("TRANSACTION ISOLATION")) {
                        broken.incrementAndGet();
                        return;
                    }
                    to.getOutputStream().write(buffer, 0, read);
                    to.getOutputStream().flush();
                }
            } catch (IOException ended) {
                // One of both has closed.
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
