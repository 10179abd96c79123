package com.atlasco.atlas.analytics.duckdb;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/** Opens a database file with the settings of the engine that the store relies on. */
final class Engine {

    private Engine() {}

    static DuckDBConnection open(DuckDbSettings settings) throws SQLException {
        UnpackedLibraries.sweep(Path.of(System.getProperty("java.io.tmpdir")), Instant.now());
        Properties properties = new Properties();
        properties.setProperty("memory_limit", settings.memoryLimit());
        properties.setProperty("threads", Integer.toString(settings.engineThreads()));
        // A checkpoint inside a commit would make its batch late. The store makes them between batches; this is for
        // when it cannot.
        properties.setProperty("wal_autocheckpoint", settings.checkpointBytes() * 4 / 1024 + "KiB");
        // A short page would be found by row number and its rows fetched by a second scan; a checkpoint between the two
        // moves rows, and the page holds others: those of another tenant, too.
        properties.setProperty("late_materialization_max_rows", "0");
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        return DriverManager.getConnection("jdbc:duckdb:" + settings.file().toAbsolutePath(), properties)
                .unwrap(DuckDBConnection.class);
    }
}
