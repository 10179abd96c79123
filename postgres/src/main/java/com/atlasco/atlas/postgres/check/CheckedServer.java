package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.Sessions;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what a server, a primary or a replica, holds of entities, for comparison with what others hold: a bounded range at
 * a time, and each range in one statement, which sees one state. Thread-safe.
 */
public final class CheckedServer implements AutoCloseable {

    /** A copy may have more rows in a range than the primary, which bounded it. */
    private static final int PAGE = 20_000;

    // What is not compressed need not be read to know how long it is.
    private static final String SIZE = """
            CASE WHEN pg_column_compression(document) IS NULL THEN pg_column_size(document)
                 ELSE octet_length(document::text) END""";

    private static final String MEASURE = """
            WITH asked AS MATERIALIZED (
                SELECT entity_id, %s AS size FROM entity
                WHERE tenant_id = ? AND entity_id > ? ORDER BY entity_id LIMIT ?)
            SELECT max(w.entity_id), count(*), coalesce(sum(w.size), 0)::bigint, (SELECT count(*) FROM asked)
            FROM (SELECT entity_id, size, sum(size) OVER (ORDER BY entity_id) - size AS before FROM asked) w
            WHERE w.before < ?""".formatted(SIZE);

    // By text, so that what differs in no more than form differs. The moment as a number: its text depends on the
    // session.
    private static final String HASH = """
            hashtextextended(concat_ws(chr(31), entity_type, version, extract(epoch FROM updated_at),
                changed_attributes, document), 0)""";

    private static final String FINGERPRINTS = """
            SELECT entity_id, version, %s FROM entity
            WHERE tenant_id = ? AND entity_id > ? AND entity_id <= ? ORDER BY entity_id LIMIT ?""".formatted(HASH);

    private static final String ROW = "entity_id, entity_type, version, document, updated_at, " + HASH;

    private static final String ROWS_OF_RANGE = "SELECT " + ROW + """
             FROM entity WHERE tenant_id = ? AND entity_id > ? AND entity_id <= ? ORDER BY entity_id""";

    private static final String ROWS_BY_ID =
            "SELECT " + ROW + " FROM entity WHERE tenant_id = ? AND entity_id = ANY (?)";

    private static final String TYPES =
            "SELECT attribute_id, name, data_type, filterable, hot FROM attr_type WHERE tenant_id = ?";

    private final Database database;

    private CheckedServer(Database database) {
        this.database = database;
    }

    /**
     * Opens when first needed.
     *
     * @param settings of a role that row-level security leaves alone; any other is refused by the server
     */
    public static CheckedServer open(PostgresSettings settings) {
        return new CheckedServer(Database.openRowByRow(settings));
    }

    /**
     * What was read.
     *
     * @param position of the primary: whoever contains it contains all that was read
     */
    public record Read<T>(T value, Position position) {}

    /** A range, and whether its bytes ended it. */
    record Measured(Range range, boolean cut) {}

    Measured measure(TenantId tenant, long after, int rows, long bytes) {
        return run(session -> {
            try (PreparedStatement statement = session.prepare(MEASURE)) {
                statement.setLong(1, tenant.value());
                statement.setLong(2, after);
                statement.setInt(3, rows);
                statement.setLong(4, bytes);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    int entities = row.getInt(2);
                    int asked = row.getInt(4);
                    if (entities == 0) {
                        return new Measured(Range.rest(after), false);
                    }
                    boolean cut = entities < asked;
                    long through = !cut && asked < rows ? Long.MAX_VALUE : row.getLong(1);
                    return new Measured(new Range(after, through, entities, row.getLong(3)), cut);
                }
            }
        });
    }

    /** The rows of a range of the primary, by id. */
    public Read<Map<Long, Fingerprint>> fingerprintsOfPrimary(TenantId tenant, Range range) {
        return run(session -> {
            Map<Long, Fingerprint> found = fingerprints(session, tenant, range);
            return new Read<>(found, session.flushedPosition());
        });
    }

    /** The rows of a range, by id. */
    public Map<Long, Fingerprint> fingerprints(TenantId tenant, Range range) {
        return run(session -> fingerprints(session, tenant, range));
    }

    private static Map<Long, Fingerprint> fingerprints(Session session, TenantId tenant, Range range)
            throws SQLException {
        Map<Long, Fingerprint> found = new HashMap<>();
        long after = range.after();
        int page;
        do {
            page = 0;
            try (PreparedStatement statement = session.prepare(FINGERPRINTS)) {
                statement.setLong(1, tenant.value());
                statement.setLong(2, after);
                statement.setLong(3, range.through());
                statement.setInt(4, PAGE);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        after = rows.getLong(1);
                        found.put(after, new Fingerprint(after, rows.getLong(2), rows.getLong(3)));
                        page++;
                    }
                }
            }
        } while (page == PAGE);
        return found;
    }

    /** The entities of a range of the primary, by id. */
    public Read<Map<Long, StoredRow>> rowsOfPrimary(TenantId tenant, Range range) {
        return run(session -> {
            try (PreparedStatement statement = session.prepare(ROWS_OF_RANGE)) {
                statement.setLong(1, tenant.value());
                statement.setLong(2, range.after());
                statement.setLong(3, range.through());
                Map<Long, StoredRow> found = read(statement);
                return new Read<>(found, session.flushedPosition());
            }
        });
    }

    /** Those of these entities that the primary has, by id. */
    public Read<Map<Long, StoredRow>> rowsOfPrimary(TenantId tenant, Collection<Long> entityIds) {
        return run(session -> new Read<>(rows(session, tenant, entityIds), session.flushedPosition()));
    }

    /** Those of these entities that there are, by id. */
    public Map<Long, StoredRow> rows(TenantId tenant, Collection<Long> entityIds) {
        return run(session -> rows(session, tenant, entityIds));
    }

    private static Map<Long, StoredRow> rows(Session session, TenantId tenant, Collection<Long> entityIds)
            throws SQLException {
        try (PreparedStatement statement = session.prepare(ROWS_BY_ID)) {
            statement.setLong(1, tenant.value());
            statement.setArray(2, session.connection().createArrayOf("int8", entityIds.toArray()));
            return read(statement);
        }
    }

    private static Map<Long, StoredRow> read(PreparedStatement statement) throws SQLException {
        Map<Long, StoredRow> found = new HashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Entity entity = new Entity(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getLong(3),
                        DocumentCodec.decode(rows.getString(4)),
                        rows.getObject(5, OffsetDateTime.class).toInstant());
                found.put(entity.entityId(), new StoredRow(entity, rows.getLong(6), 0));
            }
        }
        return found;
    }

    /** The tenant's attribute types, and a position that contains them, by id; of the primary. */
    public Read<Map<Integer, TypeRow>> typesOfPrimary(TenantId tenant) {
        return run(session -> new Read<>(types(session, tenant), session.flushedPosition()));
    }

    /** The tenant's attribute types, by id. */
    public Map<Integer, TypeRow> types(TenantId tenant) {
        return run(session -> types(session, tenant));
    }

    private static Map<Integer, TypeRow> types(Session session, TenantId tenant) throws SQLException {
        Map<Integer, TypeRow> types = new HashMap<>();
        try (PreparedStatement statement = session.prepare(TYPES)) {
            statement.setLong(1, tenant.value());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String dataType = rows.getString(3);
                    types.put(
                            rows.getInt(1),
                            new TypeRow(
                                    rows.getInt(1),
                                    rows.getString(2),
                                    DataType.ofWireName(dataType)
                                            .orElseThrow(() -> new SQLException("there is no data type " + dataType)),
                                    rows.getBoolean(4),
                                    rows.getBoolean(5)));
                }
            }
        }
        return types;
    }

    /**
     * Writes an attribute type as it is, so that the log carries it once more to whoever follows it.
     *
     * @return whether there is such a type
     */
    public boolean sendAgain(TenantId tenant, int attributeId) {
        return database.write(tenant, session -> {
                    try (PreparedStatement statement = session.prepare(
                            "UPDATE attr_type SET updated_at = now() WHERE tenant_id = ? AND attribute_id = ?")) {
                        statement.setLong(1, tenant.value());
                        statement.setInt(2, attributeId);
                        return statement.executeUpdate() > 0;
                    }
                })
                .result();
    }

    /** The end of the primary's log. */
    public Position position() {
        return database.run(Session::flushedPosition);
    }

    Database database() {
        return database;
    }

    /** Reads, and rather fails than sees what little one tenant may see. */
    <T> T run(Sessions.Work<T> work) {
        return database.run(session -> {
            try (Statement statement = session.connection().createStatement()) {
                statement.execute("SET row_security = off");
            }
            return work.run(session);
        });
    }

    @Override
    public void close() {
        database.close();
    }

    static List<Long> longs(PreparedStatement statement) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
        }
        return found;
    }
}
