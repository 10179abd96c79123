package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Records every applied change attribute by attribute, by appender alone. For the writer thread. */
final class HistoryTable {

    private final DuckDBConnection connection;

    HistoryTable(DuckDBConnection connection) {
        this.connection = connection;
    }

    /**
     * Records the changes of entities among these. One that came without its document changed no attribute and leaves
     * no row.
     */
    void record(List<Change> changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        try (DuckDBAppender appender = connection.createAppender("main", "history")) {
            for (Change change : changes) {
                switch (change) {
                    case Change.EntityUpserted upserted -> {
                        if (upserted.document().isPresent()) {
                            record(appender, upserted, upserted.document().get());
                        }
                    }
                    case Change.EntityDeleted deleted -> record(appender, deleted);
                    case Change.AttributeTypeUpserted _, Change.AttributeTypeDeleted _, Change.TenantDeleted _ -> {}
                }
            }
        }
    }

    /** Removes all that was recorded of a tenant. */
    void forget(TenantId tenant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM history WHERE tenant_id = ?")) {
            statement.setLong(1, tenant.value());
            statement.executeUpdate();
        }
    }

    private static void record(DuckDBAppender appender, Change.EntityUpserted change, Document document)
            throws SQLException {
        long updatedAt = Value.TimestampValue.of(change.updatedAt()).epochMicros();
        for (int attributeId : change.changedAttributes()) {
            Optional<Value> value = document.find(attributeId);
            appender.beginRow();
            appender.append(change.tenant().value());
            appender.append(change.entityId());
            appender.append(attributeId);
            appender.append(change.version());
            appendOrder(appender, change.order());
            appender.appendEpochMicros(updatedAt);
            appender.append(value.isEmpty());
            TypedColumns.appendAll(appender, value);
            appender.endRow();
        }
    }

    private static void record(DuckDBAppender appender, Change.EntityDeleted change) throws SQLException {
        appender.beginRow();
        appender.append(change.tenant().value());
        appender.append(change.entityId());
        appender.appendNull();
        appender.appendNull();
        appendOrder(appender, change.order());
        appender.appendNull();
        appender.append(true);
        TypedColumns.appendAll(appender, Optional.empty());
        appender.endRow();
    }

    private static void appendOrder(DuckDBAppender appender, ChangeOrder order) throws SQLException {
        appender.append(order.commit().value());
        appender.append(order.ordinal());
    }
}
