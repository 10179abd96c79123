package com.atlasco.atlas.bench.pipeline;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A DuckDB table of one row per value, kept as Atlas keeps its own: what came last of a batch is staged by appender, what
 * it replaces is deleted by one statement, unless all of it is new, and it is inserted by another, in one transaction with
 * the position. For one thread.
 */
final class ValueRowTable implements AutoCloseable {

    private static final String SCHEMA = """
            CREATE TABLE value_row (
                tenant_id BIGINT, entity_id BIGINT, attribute_id INTEGER,
                value_number DOUBLE, value_text VARCHAR, value_ts TIMESTAMP, value_bool BOOLEAN);
            CREATE TABLE watermark (lsn BIGINT);
            INSERT INTO watermark VALUES (0);
            CREATE TEMP TABLE staged (
                tenant_id BIGINT, entity_id BIGINT, attribute_id INTEGER,
                value_number DOUBLE, value_text VARCHAR, value_ts TIMESTAMP, value_bool BOOLEAN)""";

    private static final String DELETE_REPLACED = """
            DELETE FROM value_row USING staged
            WHERE value_row.tenant_id = staged.tenant_id AND value_row.entity_id = staged.entity_id
                AND value_row.attribute_id = staged.attribute_id""";

    private static final String INSERT = "INSERT INTO value_row SELECT * FROM staged";

    private final DuckDBConnection connection;

    private record Key(long tenant, long entity, int attribute) {}

    private ValueRowTable(DuckDBConnection connection) {
        this.connection = connection;
    }

    /** A new file, with the threads and the memory of Atlas's own, and as rare checkpoints. */
    static ValueRowTable open(Path file) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("memory_limit", "2GB");
        properties.setProperty("threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
        properties.setProperty("checkpoint_threshold", "256MiB");
        Connection opened = DriverManager.getConnection("jdbc:duckdb:" + file.toAbsolutePath(), properties);
        ValueRowTable table = new ValueRowTable(opened.unwrap(DuckDBConnection.class));
        table.execute(SCHEMA);
        table.connection.setAutoCommit(false);
        return table;
    }

    /** Applies inserts and updates; durable when it returns. */
    void apply(List<SourceRecord> records, long lsn) throws SQLException {
        Map<Key, Struct> newest = HashMap.newHashMap(records.size());
        boolean allNew = true;
        for (SourceRecord record : records) {
            Struct change = (Struct) record.value();
            Struct row = change.getStruct("after");
            boolean first = newest.put(
                            new Key(row.getInt64("tenant_id"), row.getInt64("entity_id"), row.getInt32("attribute_id")),
                            row)
                    == null;
            allNew &= first && change.getString("op").equals("c");
        }
        execute("DELETE FROM staged");
        try (DuckDBAppender appender = connection.createAppender("temp", "main", "staged")) {
            for (Map.Entry<Key, Struct> row : newest.entrySet()) {
                append(appender, row.getKey(), row.getValue());
            }
        }
        if (!allNew) {
            execute(DELETE_REPLACED);
        }
        execute(INSERT);
        execute("UPDATE watermark SET lsn = " + lsn);
        connection.commit();
    }

    private static void append(DuckDBAppender appender, Key key, Struct row) throws SQLException {
        appender.beginRow();
        appender.append(key.tenant());
        appender.append(key.entity());
        appender.append(key.attribute());
        if (row.get("value_number") instanceof Double number) {
            appender.append(number.doubleValue());
        } else {
            appender.appendNull();
        }
        if (row.get("value_text") instanceof String text) {
            appender.append(text);
        } else {
            appender.appendNull();
        }
        if (row.get("value_ts") instanceof String instant) {
            appender.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant)));
        } else {
            appender.appendNull();
        }
        if (row.get("value_bool") instanceof Boolean bool) {
            appender.append(bool.booleanValue());
        } else {
            appender.appendNull();
        }
        appender.endRow();
    }

    /** As {@link ValueRows#content}. */
    String content() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) || ' '"
                        + " || sum(round(value_number::DECIMAL(18, 6) * 1000)::BIGINT) FROM value_row")) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
