package com.atlasco.atlas.bench.aggregate;

import com.atlasco.atlas.bench.dataset.Dataset.Attribute;
import com.atlasco.atlas.bench.dataset.EntitySource;
import com.atlasco.atlas.model.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** A table with a column for each attribute in a DuckDB file, as somebody makes it who knows the attributes. */
final class WideDuckDb {

    private WideDuckDb() {}

    /** Opens a new file, with as many threads and as much memory as Atlas gives its own. */
    static Connection open(Path file, int threads, String memoryLimit) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("memory_limit", memoryLimit);
        properties.setProperty("threads", Integer.toString(threads));
        return DriverManager.getConnection("jdbc:duckdb:" + file.toAbsolutePath(), properties);
    }

    static void fill(Connection connection, EntitySource source, long entities) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE asset (entity_id BIGINT, "
                    + source.attributes().stream()
                            .map(attribute -> attribute.name() + " " + type(attribute))
                            .collect(Collectors.joining(", "))
                    + ")");
            try (DuckDBAppender appender =
                    connection.unwrap(DuckDBConnection.class).createAppender("main", "asset")) {
                for (long entityId = 1; entityId <= entities; entityId++) {
                    appender.beginRow();
                    appender.append(entityId);
                    for (Optional<Value> value : source.entity(entityId)) {
                        if (value.isPresent()) {
                            append(appender, value.get());
                        } else {
                            appender.appendNull();
                        }
                    }
                    appender.endRow();
                }
            }
            statement.execute("CHECKPOINT");
        }
    }

    private static void append(DuckDBAppender appender, Value value) throws SQLException {
        switch (value) {
            case Value.NumberValue(double number) -> appender.append(number);
            case Value.TextValue(String text) -> appender.append(text);
            case Value.TimestampValue(long micros) -> appender.appendEpochMicros(micros);
            case Value.BoolValue(boolean bool) -> appender.append(bool);
            case Value.JsonValue(String json) -> appender.append(json);
        }
    }

    private static String type(Attribute attribute) {
        return switch (attribute.type()) {
            case NUMBER -> "DOUBLE";
            case TEXT, JSON -> "VARCHAR";
            case TS -> "TIMESTAMP";
            case BOOL -> "BOOLEAN";
        };
    }
}
