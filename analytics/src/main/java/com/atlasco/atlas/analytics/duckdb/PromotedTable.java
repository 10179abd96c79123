package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.duckdb.Promotion.By;
import com.atlasco.atlas.analytics.duckdb.Promotion.Stage;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of promotions, and the columns of the entity table that they use. What is in memory may be ahead of the last
 * commit: a transaction that fails is followed by {@link #load}. For the writer thread.
 */
final class PromotedTable {

    static final String SELECT =
            "SELECT tenant_id, attribute_id, data_type, slot, promoted_by, stage, epoch_us(since) FROM promoted";

    private final Connection connection;
    private Slots slots = Slots.NONE;

    PromotedTable(Connection connection) {
        this.connection = connection;
    }

    Slots slots() {
        return slots;
    }

    void load() throws SQLException {
        List<Promotion> promotions;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SELECT)) {
            promotions = read(rows);
        }
        slots = Slots.of(columns(connection), promotions);
    }

    /** What {@link #SELECT} found. */
    static List<Promotion> read(ResultSet rows) throws SQLException {
        List<Promotion> promotions = new ArrayList<>();
        while (rows.next()) {
            promotions.add(new Promotion(
                    new AttributeKey(rows.getLong(1), rows.getInt(2)),
                    new Slot(DataType.valueOf(rows.getString(3)), rows.getInt(4)),
                    By.valueOf(rows.getString(5)),
                    Stage.valueOf(rows.getString(6)),
                    new Value.TimestampValue(rows.getLong(7)).instant()));
        }
        return promotions;
    }

    /** The slots for which there is a column, in the order of the columns. */
    static List<Slot> columns(Connection connection) throws SQLException {
        List<Slot> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT column_name FROM duckdb_columns()
                        WHERE table_name = 'entity' AND database_name = current_database() AND NOT internal
                        ORDER BY column_index
                        """)) {
            while (rows.next()) {
                Slot.ofColumn(rows.getString(1)).ifPresent(columns::add);
            }
        }
        return columns;
    }

    /**
     * Adds a column unless it is there. Runs in a transaction before the one that uses it: DuckDB refuses to commit one that
     * adds a column after it wrote to the table. A column without values is harmless should the other one fail.
     */
    void addColumn(Slot slot) throws SQLException {
        if (slots.columns().contains(slot)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE entity ADD COLUMN " + slot.column() + " " + slot.sqlType());
        }
        slots = slots.withColumn(slot);
    }

    /** From here on rows carry the attribute's value; those that are there have yet to get it. The column is there. */
    void build(AttributeKey attribute, Slot slot, By by, Instant since) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO promoted (tenant_id, attribute_id, data_type, slot, promoted_by, stage, since)
                VALUES (?, ?, ?, ?, ?, 'BUILDING', make_timestamp(CAST(? AS BIGINT)))
                """)) {
            statement.setLong(1, attribute.tenantId());
            statement.setInt(2, attribute.attributeId());
            statement.setString(3, slot.dataType().name());
            statement.setInt(4, slot.number());
            statement.setString(5, by.name());
            statement.setLong(6, Value.TimestampValue.of(since).epochMicros());
            statement.executeUpdate();
        }
        slots = slots.with(new Promotion(attribute, slot, by, Stage.BUILDING, since));
    }

    /** Another one wants it now. */
    void claim(Promotion promotion, By by) throws SQLException {
        execute("UPDATE promoted SET promoted_by = '" + by.name() + "'", promotion);
        slots = slots.with(promotion.wantedBy(by));
    }

    /** All rows have their values. */
    void complete(Promotion promotion) throws SQLException {
        execute("UPDATE promoted SET stage = 'WHOLE'", promotion);
        slots = slots.with(promotion.at(Stage.WHOLE));
    }

    /** Gives it up; its column has to be emptied before another attribute of the tenant may have it. */
    void leave(Promotion promotion) throws SQLException {
        execute("UPDATE promoted SET stage = 'LEAVING'", promotion);
        slots = slots.leaving(promotion);
    }

    /** Its column is empty. */
    void remove(Promotion left) throws SQLException {
        execute("DELETE FROM promoted", left);
        slots = slots.without(left);
    }

    /** A tenant has a slot for one attribute at a time. */
    private void execute(String sql, Promotion promotion) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(sql + " WHERE tenant_id = ? AND data_type = ? AND slot = ?")) {
            statement.setLong(1, promotion.attribute().tenantId());
            statement.setString(2, promotion.slot().dataType().name());
            statement.setInt(3, promotion.slot().number());
            statement.executeUpdate();
        }
    }
}
