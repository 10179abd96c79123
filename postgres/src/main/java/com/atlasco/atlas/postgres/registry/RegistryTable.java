package com.atlasco.atlas.postgres.registry;

import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.ConstraintsCodec;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.PivotState;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.StatementChain;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** The SQL of attribute types and of the version they came with. */
final class RegistryTable {

    private static final String COLUMNS = "a.attribute_id, a.name, a.data_type, a.filterable, a.hot, a.unit,"
            + " a.description, a.constraints, a.pivot_state, a.retired";

    private static final String LOAD = "SELECT v.version, " + COLUMNS + """
             FROM registry_version v LEFT JOIN attr_type a ON a.tenant_id = v.tenant_id AND a.changed_version > ?
            WHERE v.tenant_id = ?""";

    private static final String FIND =
            "SELECT 0, " + COLUMNS + " FROM attr_type a WHERE a.tenant_id = ? AND a.name = ANY (?)";

    private static final String FIND_BY_ID =
            "SELECT 0, " + COLUMNS + " FROM attr_type a WHERE a.tenant_id = ? AND a.attribute_id = ?";

    private static final String LOCK = "SELECT version FROM registry_version WHERE tenant_id = ? FOR UPDATE";

    private static final String HOLD_OFF_FILTERABLE_CHANGE =
            "SELECT pg_advisory_xact_lock_shared(hashtextextended('atlas.filterable', ?))";

    private static final String VERSION = "SELECT version FROM registry_version WHERE tenant_id = ?";

    private static final String SET_VERSION = "UPDATE registry_version SET version = ? WHERE tenant_id = ?";

    private static final String INSERT = """
            INSERT INTO attr_type (tenant_id, changed_version, name, data_type, filterable, hot, unit, description,
                                   constraints, pivot_state)
            SELECT ?, ?, n.name, n.data_type, n.filterable, n.hot, n.unit, n.description, n.constraints::jsonb,
                   n.pivot_state
            FROM unnest(?::text[], ?::text[], ?::boolean[], ?::boolean[], ?::text[], ?::text[], ?::text[], ?::text[])
                AS n (name, data_type, filterable, hot, unit, description, constraints, pivot_state)
            RETURNING attribute_id, name""";

    private static final String UPDATE = """
            UPDATE attr_type
            SET name = ?, filterable = ?, hot = ?, unit = ?, description = ?, constraints = ?::jsonb, pivot_state = ?,
                retired = ?, changed_version = ?, updated_at = now()
            WHERE tenant_id = ? AND attribute_id = ?""";

    private RegistryTable() {}

    /**
     * A tenant's registry, all of one moment; empty when there is no such tenant.
     *
     * @param known what is read is only what came after it
     */
    static Optional<VersionedRegistry> load(Session session, TenantId tenant, Optional<VersionedRegistry> known)
            throws SQLException {
        try (PreparedStatement statement = session.prepare(LOAD)) {
            statement.setLong(1, known.map(VersionedRegistry::version).orElse(-1L));
            statement.setLong(2, tenant.value());
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
                return Optional.of(known.map(older -> older.with(version, types))
                        .orElseGet(() -> new VersionedRegistry(version, Registry.of(types))));
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

    /** Those of these names that there are, by name. */
    static Map<String, AttributeType> find(Session session, TenantId tenant, Collection<String> names)
            throws SQLException {
        Map<String, AttributeType> types = new HashMap<>();
        try (PreparedStatement statement = session.prepare(FIND)) {
            statement.setLong(1, tenant.value());
            statement.setArray(2, session.connection().createArrayOf("text", names.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    AttributeType type = type(rows);
                    types.put(type.name(), type);
                }
            }
        }
        return types;
    }

    static Optional<AttributeType> find(Session session, TenantId tenant, String name) throws SQLException {
        return Optional.ofNullable(find(session, tenant, List.of(name)).get(name));
    }

    static Optional<AttributeType> find(Session session, TenantId tenant, int attributeId) throws SQLException {
        try (PreparedStatement statement = session.prepare(FIND_BY_ID)) {
            statement.setLong(1, tenant.value());
            statement.setInt(2, attributeId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(type(row)) : Optional.empty();
            }
        }
    }

    /** Lets one change of a tenant's registry at a time go on; the version now, or empty when there is no such tenant. */
    static Optional<Long> lock(Session session, TenantId tenant) throws SQLException {
        return version(session, tenant, LOCK);
    }

    /**
     * Adds a writer's first statements: they hold off a change of "filterable" until the writer is done, and ask for the
     * registry's version as it is then. Two statements, since the second sees what was committed before it began, hence
     * all that the first one waited for; and no function, which would take three times as long.
     *
     * @param version told the version, or that there is no such tenant
     */
    static void beginWrite(StatementChain chain, TenantId tenant, Consumer<OptionalLong> version) {
        chain.query(HOLD_OFF_FILTERABLE_CHANGE, _ -> {}, tenant.value());
        chain.query(
                VERSION,
                row -> version.accept(row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty()),
                tenant.value());
    }

    private static Optional<Long> version(Session session, TenantId tenant, String sql) throws SQLException {
        try (PreparedStatement statement = session.prepare(sql)) {
            statement.setLong(1, tenant.value());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long version = row.getLong(1);
                return row.wasNull() ? Optional.empty() : Optional.of(version);
            }
        }
    }

    static void setVersion(Session session, TenantId tenant, long version) throws SQLException {
        try (PreparedStatement statement = session.prepare(SET_VERSION)) {
            statement.setLong(1, version);
            statement.setLong(2, tenant.value());
            statement.executeUpdate();
        }
    }

    /** Adds attributes that are not there, in one statement; their ids by name. */
    static Map<String, Integer> insert(
            Session session, TenantId tenant, long version, List<AttributeDefinition> definitions) throws SQLException {
        Map<String, Integer> ids = new HashMap<>();
        try (PreparedStatement statement = session.prepare(INSERT)) {
            statement.setLong(1, tenant.value());
            statement.setLong(2, version);
            setArray(statement, 3, "text", definitions, AttributeDefinition::name);
            setArray(statement, 4, "text", definitions, each -> each.dataType().wireName());
            setArray(statement, 5, "bool", definitions, AttributeDefinition::filterable);
            setArray(statement, 6, "bool", definitions, AttributeDefinition::hot);
            setTexts(statement, 7, definitions, AttributeDefinition::unit);
            setTexts(statement, 8, definitions, AttributeDefinition::description);
            setArray(statement, 9, "text", definitions, each -> ConstraintsCodec.encode(each.constraints()));
            setArray(
                    statement,
                    10,
                    "text",
                    definitions,
                    each -> PivotState.initial(each.filterable()).wireName());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.put(rows.getString(2), rows.getInt(1));
                }
            }
        }
        return ids;
    }

    /** Stores all of a type but its data type, which never changes. */
    static void update(Session session, TenantId tenant, long version, AttributeType type) throws SQLException {
        try (PreparedStatement statement = session.prepare(UPDATE)) {
            statement.setString(1, type.name());
            statement.setBoolean(2, type.filterable());
            statement.setBoolean(3, type.hot());
            setText(statement, 4, type.unit());
            setText(statement, 5, type.description());
            statement.setString(6, ConstraintsCodec.encode(type.constraints()));
            statement.setString(7, type.pivotState().wireName());
            statement.setBoolean(8, type.retired());
            statement.setLong(9, version);
            statement.setLong(10, tenant.value());
            statement.setInt(11, type.attributeId());
            statement.executeUpdate();
        }
    }

    private static <T> void setArray(
            PreparedStatement statement, int index, String type, List<T> items, Function<T, Object> element)
            throws SQLException {
        Object[] elements = items.stream().map(element).toArray();
        statement.setArray(index, statement.getConnection().createArrayOf(type, elements));
    }

    /** A missing text is NULL. */
    private static <T> void setTexts(
            PreparedStatement statement, int index, List<T> items, Function<T, Optional<String>> text)
            throws SQLException {
        String[] elements = new String[items.size()];
        for (int i = 0; i < elements.length; i++) {
            if (text.apply(items.get(i)).isPresent()) {
                elements[i] = text.apply(items.get(i)).get();
            }
        }
        statement.setArray(index, statement.getConnection().createArrayOf("text", elements));
    }

    private static void setText(PreparedStatement statement, int index, Optional<String> text) throws SQLException {
        if (text.isPresent()) {
            statement.setString(index, text.get());
        } else {
            statement.setNull(index, Types.VARCHAR);
        }
    }

    private static AttributeType type(ResultSet row) throws SQLException {
        String dataTypeName = row.getString(4);
        DataType dataType = DataType.ofWireName(dataTypeName)
                .orElseThrow(() -> new IllegalStateException("attr_type holds the data type " + dataTypeName));
        String state = row.getString(10);
        return new AttributeType(
                row.getInt(2),
                row.getString(3),
                dataType,
                row.getBoolean(5),
                row.getBoolean(6),
                Optional.ofNullable(row.getString(7)),
                Optional.ofNullable(row.getString(8)),
                ConstraintsCodec.decode(dataType, row.getString(9)),
                PivotState.ofWireName(state)
                        .orElseThrow(() -> new IllegalStateException("attr_type holds the pivot state " + state)),
                row.getBoolean(11));
    }
}
