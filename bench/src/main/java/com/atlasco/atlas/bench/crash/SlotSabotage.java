package com.atlasco.atlas.bench.crash;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** Takes change capture's replication slot away, while no capture runs. For use by one thread. */
public final class SlotSabotage {

    private static final int TRIES = 100;
    private static final int MEBIBYTES_A_TRY = 20;

    private final ServerAccess access;

    /** Does nothing yet. */
    public SlotSabotage(ServerAccess access) {
        this.access = access;
    }

    /** Lets the server write more log than it may keep for the slot, until it says that the slot is lost. */
    public void lose() throws IOException, InterruptedException {
        try (Connection connection = access.superuser("primary");
                Statement statement = connection.createStatement()) {
            release(statement);
            statement.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
            statement.execute("SELECT pg_reload_conf()");
            try {
                for (int attempt = 0; !isLost(statement); attempt++) {
                    if (attempt == TRIES) {
                        throw new IOException("the slot is not lost after so much log");
                    }
                    for (int i = 0; i < MEBIBYTES_A_TRY; i++) {
                        statement.execute("SELECT pg_logical_emit_message(false, 'soak', repeat('x', 1048576))");
                    }
                    statement.execute("SELECT pg_switch_wal()");
                    statement.execute("CHECKPOINT");
                }
            } finally {
                statement.execute("ALTER SYSTEM RESET max_slot_wal_keep_size");
                statement.execute("SELECT pg_reload_conf()");
            }
        } catch (SQLException failure) {
            throw new IOException("the slot cannot be lost", failure);
        }
    }

    /** Drops the slot. */
    public void drop() throws IOException, InterruptedException {
        try (Connection connection = access.superuser("primary");
                Statement statement = connection.createStatement()) {
            release(statement);
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE slot_type = 'logical'");
        } catch (SQLException failure) {
            throw new IOException("the slot cannot be dropped", failure);
        }
    }

    /** The server learns late that its client has died. */
    private static void release(Statement statement) throws SQLException, InterruptedException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            statement.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                    + " WHERE slot_type = 'logical' AND active");
            try (ResultSet active = statement.executeQuery(
                    "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical' AND active")) {
                active.next();
                if (active.getInt(1) == 0) {
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static boolean isLost(Statement statement) throws SQLException {
        try (ResultSet slots = statement.executeQuery(
                "SELECT bool_and(wal_status = 'lost') FROM pg_replication_slots WHERE slot_type = 'logical'")) {
            return slots.next() && slots.getBoolean(1);
        }
    }
}
