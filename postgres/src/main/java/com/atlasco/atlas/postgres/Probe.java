package com.atlasco.atlas.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks a server whether it lets a newcomer in, on a connection that is made for it: one that is paused or cut off does
 * not, while one where somebody waits for a lock does. Thread-safe.
 */
final class Probe {

    private static final String PATIENCE_SECONDS = "1";

    private final PostgresSettings settings;
    private final AtomicBoolean underWay = new AtomicBoolean();

    Probe(PostgresSettings settings) {
        this.settings = settings;
    }

    /** Asks in the background; does nothing while another asks. */
    void ifSilent(Runnable action) {
        if (underWay.compareAndSet(false, true)) {
            Thread.ofVirtual().name("atlas-probe-" + settings.applicationName()).start(() -> {
                try {
                    if (!answers()) {
                        action.run();
                    }
                } finally {
                    underWay.set(false);
                }
            });
        }
    }

    private boolean answers() {
        Properties properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", settings.applicationName());
        properties.setProperty("connectTimeout", PATIENCE_SECONDS);
        properties.setProperty("loginTimeout", PATIENCE_SECONDS);
        properties.setProperty("socketTimeout", PATIENCE_SECONDS);
        try (Connection connection = DriverManager.getConnection(settings.jdbcUrl(), properties)) {
            return connection.isValid(1);
        } catch (SQLException away) {
            return false;
        }
    }
}
