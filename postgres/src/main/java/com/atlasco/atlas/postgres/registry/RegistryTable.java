package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.StatementChain;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The SQL of the registry. */
final class RegistryTable {

    private static final String LOAD = """
            SELECT v.version, a.attribute_id, a.name, a.data_type, a.filterable, a.hot, a.unit, a.description
            FROM registry_version v LEFT JOIN attr_type a ON a.tenant_id = v.tenant_id
            WHERE v.tenant_id = ?""";

    private static final String FIND = """
            SELECT 0, attribute_id, name, data_type, filterable, hot, unit, description
            FROM attr_type WHERE tenant_id = ? AND name = ?""";

    private static final String LOCK = "SELECT version FROM registry_version WHERE tenant_id = ? FOR UPDATE";

    private static final String BUMP =
            "UPDATE registry_version SET version = version + 1 WHERE tenant_id = ? RETURNING version";

    private static final String INSERT = """
            INSERT INTO attr_type (tenant_id, name, data_type, filterable, hot, unit, description)
            VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING attribute_id""";

    private static final String UPDATE = """
            UPDATE attr_type SET filterable = ?, hot = ?, unit = ?, description = ?, updated_at = now()
            WHERE tenant_id = ? AND attribute_id = ?""";

    private static final String DROP_PIVOT = "DELETE FROM entity_attribute WHERE tenant_id = ? AND attribute_id = ?";

    private RegistryTable() {}

    /** A tenant's registry, all of one moment; empty when there is no such tenant. */
    static Optional<VersionedRegistry> load(Session session, TenantId tenant) throws SQLException {
        try (PreparedStatement statement = session.prepare(LOAD)) {
            statement.setLong(1, tenant.value());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                long version = rows.getLong(1);
                List<AttributeType> types = new ArrayList<>();
                do {
                    rows.getInt(2);
                    if (!rows.wasNull()) {
                        types.add(type(rows));
                    }
                } while (rows.next());
                return Optional.of(new VersionedRegistry(version, Registry.of(types)));
            }
        }
    }

    static Map<TenantId, Long> versions(Session session, Collection<TenantId> tenants) throws SQLException {
        Map<TenantId, Long> versions = new HashMap<>();
        try (PreparedStatement statement =
                session.prepare("SELECT tenant_id, version FROM atlas_registry_versions(?)")) {
            Array ids = session.connection()
                    .createArrayOf("int8", tenants.stream().map(TenantId::value).toArray());
            statement.setArray(1, ids);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    versions.put(new TenantId(rows.getLong(1)), rows.getLong(2));
                }
            }
        }
        return versions;
    }

    static Optional<AttributeType> find(Session session, TenantId tenant, String name) throws SQLException {
        try (PreparedStatement statement = session.prepare(FIND)) {
            statement.setLong(1, tenant.value());
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(type(row)) : Optional.empty();
            }
        }
    }

    /** Lets one change of a tenant's registry at a time go on; false when there is no such tenant. */
    static boolean lock(Session session, TenantId tenant) throws SQLException {
        try (PreparedStatement statement = session.prepare(LOCK)) {
            statement.setLong(1, tenant.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    static long bump(Session session, TenantId tenant) throws SQLException {
        try (PreparedStatement statement = session.prepare(BUMP)) {
            statement.setLong(1, tenant.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** See {@code atlas_begin_write}: the registry's version now, or empty when there is no such tenant. */
    static void beginWrite(StatementChain chain, TenantId tenant, Consumer<OptionalLong> version) {
        chain.query(
                "SELECT atlas_begin_write(?)",
                row -> {
                    row.next();
                    long found = row.getLong(1);
                    version.accept(row.wasNull() ? OptionalLong.empty() : OptionalLong.of(found));
                },
                tenant.value());
    }

    static AttributeType insert(Session session, TenantId tenant, AttributeDefinition definition) throws SQLException {
        try (PreparedStatement statement = session.prepare(INSERT)) {
            statement.setLong(1, tenant.value());
            statement.setString(2, definition.name());
            statement.setString(3, definition.dataType().wireName());
            statement.setBoolean(4, definition.filterable());
            statement.setBoolean(5, definition.hot());
            setText(statement, 6, definition.unit());
            setText(statement, 7, definition.description());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return type(row.getInt(1), definition);
            }
        }
    }

    static AttributeType update(Session session, TenantId tenant, int attributeId, AttributeDefinition definition)
            throws SQLException {
        try (PreparedStatement statement = session.prepare(UPDATE)) {
            statement.setBoolean(1, definition.filterable());
            statement.setBoolean(2, definition.hot());
            setText(statement, 3, definition.unit());
            setText(statement, 4, definition.description());
            statement.setLong(5, tenant.value());
            statement.setInt(6, attributeId);
            statement.executeUpdate();
        }
        return type(attributeId, definition);
    }

    /**
     * Makes the pivot agree with a changed {@code filterable}: fills it from the documents, or empties it. Waits for this
     * tenant's writers and keeps them out until the transaction ends; takes as long as reading all its documents.
     */
    static void changeFilterable(Session session, TenantId tenant, AttributeType changed) throws SQLException {
        try (PreparedStatement statement = session.prepare("SET LOCAL statement_timeout = 0")) {
            statement.execute();
        }
        try (PreparedStatement statement = session.prepare("SELECT atlas_begin_filterable_change(?)")) {
            statement.setLong(1, tenant.value());
            statement.execute();
        }
        if (!changed.filterable()) {
            try (PreparedStatement statement = session.prepare(DROP_PIVOT)) {
                statement.setLong(1, tenant.value());
                statement.setInt(2, changed.attributeId());
                statement.executeUpdate();
            }
            return;
        }
        try (PreparedStatement statement = session.prepare(fillPivot(changed.dataType()))) {
            statement.setInt(1, changed.attributeId());
            statement.setLong(2, tenant.value());
            statement.executeUpdate();
        }
    }

    private static String fillPivot(DataType dataType) {
        String target = switch (dataType) {
            case NUMBER -> "value_number";
            case TEXT -> "value_text";
            case TS -> "value_ts";
            case BOOL -> "value_bool";
            case JSON -> "value_jsonb";
        };
        String value = switch (dataType) {
            case NUMBER -> "(e.document -> a.key)::float8";
            case TEXT -> "e.document ->> a.key";
            // Whole seconds and microseconds apart: an interval times a number is computed in doubles.
            case TS -> """
                        to_timestamp(div((e.document -> a.key ->> 'ts')::numeric, 1000000)::float8)
                            + make_interval(secs => mod((e.document -> a.key ->> 'ts')::numeric, 1000000)::float8 / 1000000)""";
            case BOOL -> "(e.document -> a.key)::boolean";
            case JSON -> "e.document -> a.key -> 'json'";
        };
        return """
            INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, %s)
            SELECT e.tenant_id, a.id, e.entity_id, %s
            FROM (SELECT id, id::text AS key FROM (SELECT ?::int AS id) i) a
            JOIN entity e ON e.tenant_id = ? AND jsonb_exists(e.document, a.key)""".formatted(target, value);
    }

    private static void setText(PreparedStatement statement, int index, Optional<String> text) throws SQLException {
        if (text.isPresent()) {
            statement.setString(index, text.get());
        } else {
            statement.setNull(index, java.sql.Types.VARCHAR);
        }
    }

    private static AttributeType type(int attributeId, AttributeDefinition definition) {
        return new AttributeType(
                attributeId,
                definition.name(),
                definition.dataType(),
                definition.filterable(),
                definition.hot(),
                definition.unit(),
                definition.description());
    }

    private static AttributeType type(ResultSet row) throws SQLException {
        String dataType = row.getString(4);
        return new AttributeType(
                row.getInt(2),
                row.getString(3),
                DataType.ofWireName(dataType)
                        .orElseThrow(() -> new IllegalStateException("attr_type holds the data type " + dataType)),
                row.getBoolean(5),
                row.getBoolean(6),
                Optional.ofNullable(row.getString(7)),
                Optional.ofNullable(row.getString(8)));
    }
}
