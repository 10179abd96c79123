package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.history.HistoryEntry;
import com.atlasco.atlas.query.history.HistoryEntry.Event;
import com.atlasco.atlas.query.history.HistoryPage;
import com.atlasco.atlas.query.history.HistoryPlace;
import com.atlasco.atlas.query.history.HistoryQuery;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the history table. */
final class DuckDbHistory {

    private DuckDbHistory() {}

    /**
     * Throws when the state of that instant is not known.
     *
     * @throws AtlasException {@code history_unavailable}
     */
    static void requireKnown(Connection connection, Instant asOf) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT epoch_us(max(begins_at)), count(*) FROM history_start");
                ResultSet row = statement.executeQuery()) {
            row.next();
            if (row.getLong(2) == 0) {
                throw DuckDbErrors.notComplete();
            }
            Instant start = new Value.TimestampValue(row.getLong(1)).instant();
            if (asOf.isBefore(start)) {
                throw Problem.of(ErrorCode.HISTORY_UNAVAILABLE, "the history begins at " + start)
                        .at("as_of")
                        .hint("Ask for a later instant.")
                        .asException();
            }
        }
    }

    static HistoryPage page(Connection connection, StatementRunner runner, TenantId tenant, HistoryQuery query)
            throws SQLException {
        SqlText sql = new SqlText()
                .append("SELECT coalesce(attribute_id, 0), entity_type, version, epoch_us(updated_at), removed,"
                        + " epoch_us(committed_at), commit_lsn, commit_ordinal, value_number, value_text,"
                        + " epoch_us(value_ts), value_bool, value_json FROM history WHERE tenant_id = ")
                .value(tenant.value())
                .append(" AND entity_id = ")
                .value(query.entityId());
        query.attributeId().ifPresent(id -> sql.append(" AND attribute_id = ").value((long) id));
        query.from().ifPresent(from -> sql.append(" AND committed_at >= ").value(Value.TimestampValue.of(from)));
        query.to().ifPresent(to -> sql.append(" AND committed_at < ").value(Value.TimestampValue.of(to)));
        query.after().ifPresent(place -> appendBefore(sql, place));
        sql.append(" ORDER BY commit_lsn DESC, commit_ordinal DESC, coalesce(attribute_id, 0) LIMIT "
                + (query.limit() + 1));
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            sql.bind(statement);
            try (ResultSet rows = runner.query(statement)) {
                return read(rows, query.limit());
            }
        }
    }

    private static void appendBefore(SqlText sql, HistoryPlace place) {
        String lsn = "CAST('" + Long.toUnsignedString(place.commitLsn()) + "' AS UBIGINT)";
        sql.append(" AND (commit_lsn < " + lsn + " OR (commit_lsn = " + lsn + " AND (commit_ordinal < ")
                .value(place.ordinal())
                .append(" OR (commit_ordinal = ")
                .value(place.ordinal())
                .append(" AND coalesce(attribute_id, 0) > ")
                .value((long) place.attributeId())
                .append("))))");
    }

    private static HistoryPage read(ResultSet rows, int limit) throws SQLException {
        List<HistoryEntry> entries = new ArrayList<>();
        while (rows.next()) {
            if (entries.size() == limit) {
                return new HistoryPage(entries, Optional.of(entries.getLast().place()));
            }
            entries.add(entry(rows));
        }
        return new HistoryPage(entries, Optional.empty());
    }

    private static HistoryEntry entry(ResultSet rows) throws SQLException {
        int attributeId = rows.getInt(1);
        return new HistoryEntry(
                event(rows, attributeId),
                new Value.TimestampValue(rows.getLong(6)).instant(),
                new HistoryPlace(((BigInteger) rows.getObject(7)).longValue(), rows.getLong(8), attributeId));
    }

    private static Event event(ResultSet rows, int attributeId) throws SQLException {
        boolean removed = rows.getBoolean(5);
        if (attributeId == 0 && removed) {
            return new Event.Deleted();
        }
        HistoryEntry.Version version = new HistoryEntry.Version(
                rows.getLong(3), rows.getString(2), new Value.TimestampValue(rows.getLong(4)).instant());
        if (attributeId == 0) {
            return new Event.Touched(version);
        }
        if (removed) {
            return new Event.ValueRemoved(attributeId, version);
        }
        int column = 9;
        for (DataType type : List.of(DataType.NUMBER, DataType.TEXT, DataType.TS, DataType.BOOL, DataType.JSON)) {
            Optional<Value> value = Rows.value(rows, column++, type);
            if (value.isPresent()) {
                return new Event.ValueSet(attributeId, value.get(), version);
            }
        }
        throw new IllegalStateException("a row of the history has neither a value nor the mark of a removal");
    }
}
