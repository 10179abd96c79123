package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Records every applied change attribute by attribute: from the values that are staged for the entity table anyway, and by
 * appender what those leave out. For the writer thread.
 */
final class HistoryTable {

    private final DuckDBConnection connection;

    HistoryTable(DuckDBConnection connection) {
        this.connection = connection;
    }

    /**
     * Records the changes of entities among these.
     *
     * @param net what they come to, just written by {@link EntityTable#apply}
     */
    void record(List<Change> changes, Map<EntityKey, NetChange> net) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        try (DuckDBAppender appender = connection.createAppender("main", "history")) {
            for (Change change : changes) {
                switch (change) {
                    case Change.EntityUpserted upserted ->
                        record(
                                appender,
                                upserted,
                                net.get(new EntityKey(change.tenant().value(), upserted.entityId())));
                    case Change.EntityDeleted deleted -> record(appender, deleted);
                    case Change.AttributeTypeUpserted _, Change.AttributeTypeDeleted _, Change.TenantDeleted _ -> {}
                }
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO history
                    SELECT tenant_id, entity_id, attribute_id, entity_type, version, commit_lsn, commit_ordinal, committed_at,
                        updated_at, FALSE, %s
                    FROM staged_value JOIN staged USING (row_number)
                    WHERE recorded
                    """.formatted(StagedValues.HISTORY_VALUES));
        }
    }

    /** Notes that all has been recorded that is there; what came before the last of it is not known. */
    void begin() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO history_start
                    SELECT coalesce(max(committed_at), make_timestamp(epoch_us(now()))) FROM history
                    """);
        }
    }

    /**
     * Leaves of each change only the last record: what a snapshot or a correction read from the primary may come by the log
     * too, which knows when it was committed.
     *
     * @param entities a table of tenant_id and entity_id; only these are looked at
     */
    void dropOvertaken(String entities) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    DELETE FROM history USING (
                        SELECT tenant_id, entity_id, attribute_id, version,
                            max({'lsn': commit_lsn, 'ordinal': commit_ordinal}) AS place
                        FROM history h SEMI JOIN %s e ON h.tenant_id = e.tenant_id AND h.entity_id = e.entity_id
                        WHERE version IS NOT NULL
                        GROUP BY tenant_id, entity_id, attribute_id, version HAVING count(*) > 1) newest
                    WHERE history.tenant_id = newest.tenant_id AND history.entity_id = newest.entity_id
                        AND history.attribute_id IS NOT DISTINCT FROM newest.attribute_id
                        AND history.version = newest.version
                        AND {'lsn': history.commit_lsn, 'ordinal': history.commit_ordinal} < newest.place
                    """.formatted(entities));
        }
    }

    /** Removes all that was recorded of a tenant. */
    void forget(TenantId tenant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM history WHERE tenant_id = ?")) {
            statement.setLong(1, tenant.value());
            statement.executeUpdate();
        }
    }

    private static void record(DuckDBAppender appender, Change.EntityUpserted change, @Nullable NetChange net)
            throws SQLException {
        // One that came without its document changed no attribute.
        Set<Integer> changed = change.document().isPresent() ? change.changedAttributes() : Set.of();
        if (changed.isEmpty()) {
            append(appender, change, OptionalInt.empty(), false, Optional.empty());
        }
        boolean staged = net != null && net.last().order().equals(change.order());
        for (int attributeId : changed) {
            Optional<Value> value = change.document().flatMap(document -> document.find(attributeId));
            if (!staged || value.isEmpty()) {
                append(appender, change, OptionalInt.of(attributeId), value.isEmpty(), value);
            }
        }
    }

    private static void append(
            DuckDBAppender appender,
            Change.EntityUpserted change,
            OptionalInt attributeId,
            boolean removed,
            Optional<Value> value)
            throws SQLException {
        appender.beginRow();
        appender.append(change.tenant().value());
        appender.append(change.entityId());
        if (attributeId.isPresent()) {
            appender.append(attributeId.getAsInt());
        } else {
            appender.appendNull();
        }
        appender.append(change.entityType());
        appender.append(change.version());
        appendOrder(appender, change.order(), change.committedAt());
        appender.appendEpochMicros(Value.TimestampValue.of(change.updatedAt()).epochMicros());
        appender.append(removed);
        TypedColumns.appendAll(appender, value);
        appender.endRow();
    }

    private static void record(DuckDBAppender appender, Change.EntityDeleted change) throws SQLException {
        appender.beginRow();
        appender.append(change.tenant().value());
        appender.append(change.entityId());
        for (String _ : List.of("attribute_id", "entity_type", "version")) {
            appender.appendNull();
        }
        appendOrder(appender, change.order(), change.committedAt());
        appender.appendNull();
        appender.append(true);
        TypedColumns.appendAll(appender, Optional.empty());
        appender.endRow();
    }

    private static void appendOrder(DuckDBAppender appender, ChangeOrder order, Instant committedAt)
            throws SQLException {
        appender.append(order.commit().value());
        appender.append(order.ordinal());
        appender.appendEpochMicros(Value.TimestampValue.of(committedAt).epochMicros());
    }
}
