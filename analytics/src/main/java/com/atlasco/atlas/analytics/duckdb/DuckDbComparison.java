package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.ComparisonReader;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads entities, types and slots for comparison. Thread-safe. */
final class DuckDbComparison implements ComparisonReader {

    /** Every column of every entity of a range; what lies behind the last entity is orphaned, and told of as that. */
    private static final int MOST_WRONG = 64 * 2_048;

    private final DuckDbStore store;

    DuckDbComparison(DuckDbStore store) {
        this.store = store;
    }

    /** A column, and whose values it holds for a tenant; empty when it should hold none. */
    private record Use(Slot slot, OptionalLong attributeId) {

        /** What the column should say. */
        String expected() {
            return attributeId.isPresent()
                    ? PropertyColumns.mapEntry(slot.dataType(), Math.toIntExact(attributeId.getAsLong()))
                    : "NULL";
        }

        String isWrong() {
            return slot.column() + " IS DISTINCT FROM " + expected();
        }
    }

    @Override
    public Set<TenantId> tenants() {
        return store.complete((reader, runner) -> {
            Set<TenantId> tenants = new HashSet<>();
            try (PreparedStatement statement = reader.prepareStatement(
                            "SELECT DISTINCT tenant_id FROM entity UNION SELECT tenant_id FROM attribute_type");
                    ResultSet rows = runner.query(statement)) {
                while (rows.next()) {
                    tenants.add(new TenantId(rows.getLong(1)));
                }
            }
            return tenants;
        });
    }

    @Override
    public List<WrongCopy> scan(TenantId tenant, long after, long through, Consumer<Entity> entities) {
        String range =
                "tenant_id = %d AND entity_id > %d AND entity_id <= %d".formatted(tenant.value(), after, through);
        return store.complete((reader, runner) -> {
            read(reader, runner, range, entities);
            return wrongCopies(reader, runner, tenant, range);
        });
    }

    @Override
    public List<Entity> find(TenantId tenant, Collection<Long> entityIds) {
        if (entityIds.isEmpty()) {
            return List.of();
        }
        return store.complete((reader, runner) -> {
            List<Entity> found = new ArrayList<>();
            read(reader, runner, among(tenant, entityIds), found::add);
            return found;
        });
    }

    @Override
    public List<WrongCopy> wrongCopies(TenantId tenant, Collection<Long> entityIds) {
        if (entityIds.isEmpty()) {
            return List.of();
        }
        return store.complete((reader, runner) -> wrongCopies(reader, runner, tenant, among(tenant, entityIds)));
    }

    private static String among(TenantId tenant, Collection<Long> entityIds) {
        return "tenant_id = %d AND entity_id IN (%s)"
                .formatted(
                        tenant.value(), entityIds.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }

    private static void read(Connection reader, StatementRunner runner, String where, Consumer<Entity> entities)
            throws SQLException {
        try (PreparedStatement statement =
                        reader.prepareStatement("SELECT " + Rows.ENTITY_COLUMNS + " FROM entity WHERE " + where);
                ResultSet rows = runner.query(statement)) {
            while (rows.next()) {
                entities.accept(Rows.entity(rows));
            }
        }
    }

    private static List<WrongCopy> wrongCopies(Connection reader, StatementRunner runner, TenantId tenant, String where)
            throws SQLException {
        List<Use> uses = uses(reader, runner, tenant);
        if (uses.isEmpty()) {
            return List.of();
        }
        String anyWrong = uses.stream().map(Use::isWrong).collect(Collectors.joining(" OR "));
        String columns = uses.stream()
                .map(use -> ", CAST(%s AS VARCHAR), CAST(%s AS VARCHAR), %s"
                        .formatted(use.expected(), use.slot().column(), use.isWrong()))
                .collect(Collectors.joining());
        List<WrongCopy> wrong = new ArrayList<>();
        try (PreparedStatement statement =
                        reader.prepareStatement("SELECT entity_id%s FROM entity WHERE %s AND (%s) LIMIT %d"
                                .formatted(columns, where, anyWrong, MOST_WRONG));
                ResultSet rows = runner.query(statement)) {
            while (rows.next() && wrong.size() < MOST_WRONG) {
                int column = 2;
                for (Use use : uses) {
                    if (rows.getBoolean(column + 2)) {
                        wrong.add(new WrongCopy(
                                rows.getLong(1),
                                use.attributeId(),
                                use.slot().column(),
                                Optional.ofNullable(rows.getString(column)),
                                Optional.ofNullable(rows.getString(column + 1))));
                    }
                    column += 3;
                }
            }
        }
        return wrong;
    }

    /** Columns that are being filled or emptied hold some values and not others, and nobody reads them. */
    private static List<Use> uses(Connection reader, StatementRunner runner, TenantId tenant) throws SQLException {
        Map<Slot, Promotion> promotions = new HashMap<>();
        promotions(reader, runner, tenant).forEach(promotion -> promotions.put(promotion.slot(), promotion));
        List<Use> uses = new ArrayList<>();
        for (Slot slot : PromotedTable.columns(reader)) {
            Optional<Promotion> promotion = Optional.ofNullable(promotions.get(slot));
            if (promotion.isEmpty()) {
                uses.add(new Use(slot, OptionalLong.empty()));
            } else if (promotion.get().stage() == Promotion.Stage.WHOLE) {
                uses.add(new Use(
                        slot, OptionalLong.of(promotion.get().attribute().attributeId())));
            }
        }
        return uses;
    }

    private static List<Promotion> promotions(Connection reader, StatementRunner runner, TenantId tenant)
            throws SQLException {
        try (PreparedStatement statement =
                        reader.prepareStatement(PromotedTable.SELECT + " WHERE tenant_id = " + tenant.value());
                ResultSet rows = runner.query(statement)) {
            return PromotedTable.read(rows);
        }
    }

    @Override
    public List<StoredType> types(TenantId tenant) {
        return store.complete((reader, runner) -> {
            // What the store promotes by itself is not what the primary asks for.
            Map<Integer, Slot> asked = new HashMap<>();
            promotions(reader, runner, tenant).stream()
                    .filter(promotion -> !promotion.isAutomatic() && promotion.stage() != Promotion.Stage.LEAVING)
                    .forEach(promotion -> asked.put(promotion.attribute().attributeId(), promotion.slot()));
            List<StoredType> types = new ArrayList<>();
            try (PreparedStatement statement = reader.prepareStatement("""
                    SELECT attribute_id, name, data_type, filterable, hot FROM attribute_type WHERE tenant_id = ?
                    """)) {
                statement.setLong(1, tenant.value());
                try (ResultSet rows = runner.query(statement)) {
                    while (rows.next()) {
                        AttributeType type = new AttributeType(
                                rows.getInt(1),
                                rows.getString(2),
                                DataType.valueOf(rows.getString(3)),
                                rows.getBoolean(4),
                                rows.getBoolean(5),
                                Optional.empty(),
                                Optional.empty());
                        boolean copied = Optional.ofNullable(asked.get(type.attributeId()))
                                .filter(slot -> slot.dataType() == type.dataType())
                                .isPresent();
                        types.add(new StoredType(type, copied));
                    }
                }
            }
            return types;
        });
    }
}
