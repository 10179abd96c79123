package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.snapshot.Correction;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.read.VisibleCommits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the published tables on the primary, beside the stream. For one connection, hence one thread. */
final class PrimaryRows {

    private static final String COLUMNS = """
            tenant_id, entity_id, entity_type, version, document::text,
            (extract(epoch FROM updated_at) * 1000000)::bigint
            """;

    private static final String PARTS = """
            SELECT format('%I.%I', n.nspname, c.relname), c.reltuples
            FROM pg_partition_tree('entity'::regclass) p
            JOIN pg_class c ON c.oid = p.relid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE p.isleaf ORDER BY c.relname
            """;

    private static final String TYPES = """
            SELECT tenant_id, attribute_id, name, data_type, filterable, hot, unit, description
            FROM attr_type WHERE ?::bigint IS NULL OR tenant_id = ? ORDER BY tenant_id, attribute_id
            """;

    /** Of documents in a chunk, about: one of large documents has fewer rows. */
    private static final long CHUNK_CHARACTERS = 16L << 20;

    /** Rows that are on the way at once; documents may be large. */
    private static final int FETCH = 250;

    private static final Logger LOGGER = LoggerFactory.getLogger(PrimaryRows.class);

    private final Connection connection;

    PrimaryRows(Connection connection) {
        this.connection = connection;
    }

    /**
     * The tables that the entities lie in.
     *
     * @param estimatedRows empty where a table has never been looked at by the server
     */
    record Parts(List<String> names, OptionalLong estimatedRows) {}

    Parts parts(SnapshotScope scope) throws SQLException {
        List<String> names = new ArrayList<>();
        double rows = 0;
        boolean known = true;
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(PARTS)) {
            while (found.next()) {
                names.add(found.getString(1));
                rows += Math.max(0, found.getDouble(2));
                known &= found.getDouble(2) >= 0;
            }
        }
        return switch (scope) {
            case SnapshotScope.Everything _ ->
                new Parts(names, known ? OptionalLong.of(Math.round(rows)) : OptionalLong.empty());
            case SnapshotScope.OneTenant(TenantId tenant) -> new Parts(names, OptionalLong.of(count(tenant)));
        };
    }

    private long count(TenantId tenant) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT count(*) FROM entity WHERE tenant_id = ?")) {
            statement.setLong(1, tenant.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    List<Change.AttributeTypeUpserted> types(SnapshotScope scope, ChangeOrder order) throws SQLException {
        List<Change.AttributeTypeUpserted> types = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TYPES)) {
            Optional<Long> tenant = switch (scope) {
                case SnapshotScope.Everything _ -> Optional.empty();
                case SnapshotScope.OneTenant(TenantId one) -> Optional.of(one.value());
            };
            statement.setObject(1, tenant.orElse(null), Types.BIGINT);
            statement.setObject(2, tenant.orElse(null), Types.BIGINT);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String dataType = rows.getString(4);
                    types.add(new Change.AttributeTypeUpserted(
                            new TenantId(rows.getLong(1)),
                            new AttributeType(
                                    rows.getInt(2),
                                    rows.getString(3),
                                    DataType.ofWireName(dataType)
                                            .orElseThrow(() ->
                                                    new IllegalArgumentException("there is no data type " + dataType)),
                                    rows.getBoolean(5),
                                    rows.getBoolean(6),
                                    Optional.ofNullable(rows.getString(7)),
                                    Optional.ofNullable(rows.getString(8))),
                            order));
                }
            }
        }
        return types;
    }

    Instant now() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")) {
            row.next();
            return instant(row.getLong(1));
        }
    }

    /** Behind every commit that can be seen. */
    Lsn logEnd() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }

    /**
     * Reads the rows behind the place that a part has come to, in the order of their keys, in a transaction of its own.
     *
     * @param maxRows from 1
     */
    SnapshotChunk chunk(SnapshotState snapshot, SnapshotState.Part part, int maxRows) throws SQLException {
        ChangeOrder order = new ChangeOrder(snapshot.position().lsn(), 0);
        boolean ofOne = snapshot.scope() instanceof SnapshotScope.OneTenant;
        List<Change.EntityUpserted> rows = new ArrayList<>();
        EntityPlace reached = part.reached();
        long characters = 0;
        boolean more = false;
        // A cursor needs a transaction; without one the driver would read all rows at once.
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS + " FROM " + part.name()
                + (ofOne ? " WHERE tenant_id = ? AND entity_id > ?" : " WHERE (tenant_id, entity_id) > (?, ?)")
                + " ORDER BY tenant_id, entity_id LIMIT " + (maxRows + 1))) {
            statement.setFetchSize(FETCH);
            statement.setLong(
                    1,
                    snapshot.scope() instanceof SnapshotScope.OneTenant(TenantId tenant)
                            ? tenant.value()
                            : reached.tenantId());
            statement.setLong(2, reached.entityId());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (rows.size() == maxRows || characters >= CHUNK_CHARACTERS) {
                        more = true;
                        break;
                    }
                    characters += row.getString(5).length();
                    Change.EntityUpserted entity = entity(row, order, snapshot.startedAt());
                    rows.add(entity);
                    reached = new EntityPlace(entity.tenant().value(), entity.entityId());
                }
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        return new SnapshotChunk(part.name(), rows, reached, !more);
    }

    /**
     * Returns when what is read from now on misses nothing that has been streamed: the log shows a commit before other
     * transactions see it, by microseconds or, where a synchronous standby is awaited, by much more.
     *
     * @throws com.atlasco.atlas.model.AtlasException when that takes too long, see {@link VisibleCommits}
     */
    void awaitCommits() {
        boolean known = VisibleCommits.over(connection).await();
        if (!known) {
            LOGGER.debug("Something on the primary is at work, and taken for no commit");
        }
    }

    /**
     * Reads what entities are; nothing that was streamed before this is called is missing.
     *
     * @param order for the rows
     * @throws com.atlasco.atlas.model.AtlasException as {@link #awaitCommits}
     */
    Correction current(Collection<EntityPlace> entities, ChangeOrder order) throws SQLException {
        awaitCommits();
        Instant at = now();
        List<Change.EntityUpserted> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS + """
                FROM entity JOIN unnest(?::bigint[], ?::bigint[]) AS wanted (tenant, id)
                    ON entity.tenant_id = wanted.tenant AND entity.entity_id = wanted.id
                """)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint",
                            entities.stream().map(EntityPlace::tenantId).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint",
                            entities.stream().map(EntityPlace::entityId).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(entity(row, order, at));
                }
            }
        }
        return new Correction(List.copyOf(entities), found, logEnd(), at);
    }

    private static Change.EntityUpserted entity(ResultSet row, ChangeOrder order, Instant readAt) throws SQLException {
        Document document = DocumentCodec.decode(row.getString(5));
        return new Change.EntityUpserted(
                new TenantId(row.getLong(1)),
                row.getLong(2),
                row.getString(3),
                row.getLong(4),
                Optional.of(document),
                document.values().keySet(),
                instant(row.getLong(6)),
                readAt,
                order);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
