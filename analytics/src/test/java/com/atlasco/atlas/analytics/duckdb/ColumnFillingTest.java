package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.query.filter.Property;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a table of several row groups, whose rows a checkpoint moves when many are gone. */
final class ColumnFillingTest {

    private static final int ROWS = 700_000;
    private static final AttributeKey ATTRIBUTE = new AttributeKey(1, 5);
    private static final Slot SLOT = new Slot(DataType.NUMBER, 1);

    @TempDir
    private Path directory;

    private DuckDBConnection connection;
    private BatchWriter writer;
    private ColumnFilling filling;

    @BeforeEach
    void open() throws SQLException {
        DuckDbSettings settings = DuckDbSettings.of(directory.resolve("x.duckdb"));
        connection = DriverManager.getConnection("jdbc:duckdb:" + settings.file(), new Properties())
                .unwrap(DuckDBConnection.class);
        writer = new BatchWriter(connection, false, new KnownColumns(), Instant::now);
        writer.open();
        filling = new ColumnFilling(connection, writer, new Checkpoints(connection, settings), 100_000);
        writer.movingSlots(false, () -> insert(0, ROWS));
        checkpoint();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void insert(long from, long to) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO entity (%s, numbers%s)
                    SELECT 1, i, 't', 1, TIMESTAMP '2026-01-01', 1, 0,
                        CASE WHEN i %% 10 < 9 THEN MAP {5: CAST(i AS DOUBLE)} END%s
                    FROM range(%d, %d) t(i)
                    """.formatted(
                            DuckDbSchema.ENTITY_HEAD,
                            writer.promoted().slots().held().isEmpty() ? "" : ", number_1",
                            writer.promoted().slots().held().isEmpty()
                                    ? ""
                                    : ", CASE WHEN i % 10 < 9 THEN CAST(i AS DOUBLE) END",
                            from,
                            to));
        }
    }

    private void execute(String sql) throws SQLException {
        writer.movingSlots(false, () -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }

    private void checkpoint() throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
    }

    private long count(String condition) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM entity WHERE " + condition)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void build() throws SQLException {
        writer.movingSlots(false, () -> writer.promoted().addColumn(SLOT));
        writer.movingSlots(
                false, () -> writer.promoted().build(ATTRIBUTE, SLOT, Promotion.By.AUTOMATIC, Instant.EPOCH));
    }

    private Promotion.Stage stage() {
        return writer.promoted().slots().find(ATTRIBUTE).orElseThrow().stage();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noRowIsLeftOutThoughRowsComeAndGoAndCheckpointsMoveThem(long seed) throws SQLException {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        build();
        long next = ROWS;
        boolean moved = false;
        while (stage() == Promotion.Stage.BUILDING) {
            filling.step();
            long lastRow = lastRow();
            execute("DELETE FROM entity WHERE hash(entity_id, %d) %% 100 < 35".formatted(random.nextInt()));
            insert(next, next + 20_000);
            next += 20_000;
            checkpoint();
            moved = moved || lastRow() < lastRow;
        }
        assertThat(moved).as("rows moved").isTrue();
        assertThat(count("number_1 IS DISTINCT FROM numbers[5]")).isZero();
        assertThat(count("number_1 IS NOT NULL")).isPositive();
    }

    private long lastRow() throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT max(rowid) FROM entity")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aColumnIsReadOnlyWhenItIsWholeAndGoesEmpty() throws SQLException {
        build();
        filling.step();
        assertThat(stage()).isEqualTo(Promotion.Stage.BUILDING);
        assertThat(columns()).isEqualTo(PropertyColumns.mapEntry(DataType.NUMBER, 5));
        while (filling.isDue()) {
            filling.step();
        }
        assertThat(columns()).isEqualTo("number_1");
        Promotion whole = writer.promoted().slots().find(ATTRIBUTE).orElseThrow();
        writer.movingSlots(true, () -> writer.promoted().leave(whole));
        assertThat(columns()).isEqualTo(PropertyColumns.mapEntry(DataType.NUMBER, 5));
        // Its slot is not free before it is empty.
        assertThat(writer.promoted().slots().firstFree(1, DataType.NUMBER)).isEqualTo(new Slot(DataType.NUMBER, 2));
        while (filling.isDue()) {
            filling.step();
        }
        assertThat(count("number_1 IS NOT NULL")).isZero();
        assertThat(writer.promoted().slots().firstFree(1, DataType.NUMBER)).isEqualTo(SLOT);
    }

    @Test
    void whatACrashInterruptedGoesOn() throws SQLException {
        build();
        filling.step();
        BatchWriter another = new BatchWriter(connection, false, new KnownColumns(), Instant::now);
        another.open();
        ColumnFilling goingOn = new ColumnFilling(
                connection,
                another,
                new Checkpoints(connection, DuckDbSettings.of(directory.resolve("x.duckdb"))),
                100_000);
        while (goingOn.isDue()) {
            goingOn.step();
        }
        assertThat(count("number_1 IS DISTINCT FROM numbers[5]")).isZero();
        assertThat(another.promoted().slots().find(ATTRIBUTE).orElseThrow().stage())
                .isEqualTo(Promotion.Stage.WHOLE);
    }

    private String columns() throws SQLException {
        connection.setAutoCommit(true);
        return PropertyColumns.load(connection, 1)
                .expression(new Property.Attribute(
                        new AttributeType(5, "a", DataType.NUMBER, false, false, Optional.empty(), Optional.empty())));
    }
}
