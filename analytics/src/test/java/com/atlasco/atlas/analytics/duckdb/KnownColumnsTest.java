package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.query.filter.Property;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KnownColumnsTest {

    private static final Property SCORE = new Property.Attribute(
            new AttributeType(3, "score", DataType.NUMBER, true, true, Optional.empty(), Optional.empty()));

    private final KnownColumns columns = new KnownColumns();
    private final List<String> asked = new ArrayList<>();
    private DuckDBConnection root;
    private ReaderPool readers;

    @BeforeEach
    void promote() throws SQLException {
        root = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
        execute(
                "CREATE TABLE promoted (tenant_id BIGINT, attribute_id INTEGER, data_type VARCHAR, slot INTEGER, stage VARCHAR)");
        execute("INSERT INTO promoted VALUES (1, 3, 'NUMBER', 1, 'WHOLE')");
        readers = ReaderPool.open(root, 1, Duration.ofSeconds(10), _ -> {});
    }

    @AfterEach
    void close() throws SQLException {
        readers.close();
        root.close();
    }

    @Test
    void whatIsKnownIsNotReadAgain() throws SQLException {
        assertThat(read()).isEqualTo("number_1");
        execute("DELETE FROM promoted");
        assertThat(read()).isEqualTo("number_1");
    }

    @Test
    void whatHasMovedIsReadAgain() throws SQLException {
        assertThat(read()).isEqualTo("number_1");
        demote();
        assertThat(read()).isEqualTo("numbers[3]");
        assertThat(read()).isEqualTo("numbers[3]");
    }

    @Test
    void queryUnderWhichSlotsMovedIsAskedAgain() {
        read();
        asked.clear();
        assertThat(readDuring(this::demote)).isEqualTo("numbers[3]");
        assertThat(asked).containsExactly("number_1", "numbers[3]");
    }

    @Test
    void whatIsReadWhileSlotsMoveIsNotKnownAfterwards() throws SQLException {
        columns.moving();
        assertThat(read()).isEqualTo("number_1");
        execute("DELETE FROM promoted");
        columns.moved();
        assertThat(read()).isEqualTo("numbers[3]");
    }

    private interface Work {
        void run() throws SQLException;
    }

    private String read() {
        return readDuring(() -> {});
    }

    /** Asks, and does the work the first time that it is asked. */
    private String readDuring(Work work) {
        int before = asked.size();
        return columns.read(readers, 1, (connection, runner, found) -> {
            asked.add(found.expression(SCORE));
            if (asked.size() == before + 1) {
                work.run();
            }
            return found.expression(SCORE);
        });
    }

    private void demote() throws SQLException {
        columns.moving();
        execute("DELETE FROM promoted");
        columns.moved();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = root.createStatement()) {
            statement.execute(sql);
        }
    }
}
