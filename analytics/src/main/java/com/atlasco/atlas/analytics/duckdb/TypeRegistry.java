package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The copy of the attribute types, and the promotions of the hot ones. What is in memory may be ahead of the last commit: a
 * transaction that fails is followed by {@link #load}. For the writer thread.
 */
final class TypeRegistry {

    private final Connection connection;
    private final InstantSource clock;
    private final PromotedTable promoted;
    private final Map<AttributeKey, ChangeOrder> orders = new HashMap<>();

    /** @param clock says since when attributes are promoted */
    TypeRegistry(Connection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
        this.promoted = new PromotedTable(connection);
    }

    Slots slots() {
        return promoted.slots();
    }

    PromotedTable promoted() {
        return promoted;
    }

    void load() throws SQLException {
        orders.clear();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT tenant_id, attribute_id, commit_lsn, commit_ordinal FROM attribute_type")) {
            while (rows.next()) {
                orders.put(
                        new AttributeKey(rows.getLong(1), rows.getInt(2)),
                        WatermarkTable.order(rows, 3).orElseThrow());
            }
        }
        promoted.load();
    }

    /**
     * What changes of types come to: each type's last one, and which slots change hands for it.
     *
     * @param claims promotions that the store chose, and that the registry asks for from now on
     */
    record Plan(Map<AttributeKey, Change> changes, List<Move> moves, List<Promotion> claims) {}

    /** An attribute that gets a slot, loses its slot, or changes from one to another. */
    record Move(AttributeKey attribute, Optional<Promotion> from, Optional<Slot> to) {}

    /** Plans the changes of types among these; entity changes are passed over. */
    Plan plan(List<Change> changes) {
        Map<AttributeKey, Change> last = new LinkedHashMap<>();
        for (Change change : changes) {
            AttributeKey key;
            switch (change) {
                case Change.AttributeTypeUpserted upserted ->
                    key = new AttributeKey(
                            change.tenant().value(), upserted.type().attributeId());
                case Change.AttributeTypeDeleted deleted ->
                    key = new AttributeKey(change.tenant().value(), deleted.attributeId());
                case Change.EntityUpserted _, Change.EntityDeleted _, Change.TenantDeleted _ -> {
                    continue;
                }
            }
            Change before = last.get(key);
            ChangeOrder known = before != null ? before.order() : orders.get(key);
            if (known == null || change.order().compareTo(known) > 0) {
                last.put(key, change);
            }
        }
        return plan(last);
    }

    /** Plans that the types of the scope become these, whatever is stored. */
    Plan planReplacement(SnapshotScope scope, List<Change.AttributeTypeUpserted> given) throws SQLException {
        Map<AttributeKey, AttributeType> stored = stored();
        Map<AttributeKey, Change> last = new LinkedHashMap<>();
        Map<AttributeKey, Change.AttributeTypeUpserted> wanted = new HashMap<>();
        given.forEach(type ->
                wanted.put(new AttributeKey(type.tenant().value(), type.type().attributeId()), type));
        wanted.forEach((key, type) -> {
            if (!type.type().equals(stored.get(key))) {
                last.put(key, type);
            }
        });
        orders.forEach((key, order) -> {
            TenantId tenant = new TenantId(key.tenantId());
            if (scope.covers(tenant) && !wanted.containsKey(key)) {
                last.put(key, new Change.AttributeTypeDeleted(tenant, key.attributeId(), order));
            }
        });
        return plan(last);
    }

    private Map<AttributeKey, AttributeType> stored() throws SQLException {
        Map<AttributeKey, AttributeType> stored = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT tenant_id, attribute_id, name, data_type, filterable, hot, unit, description
                        FROM attribute_type
                        """)) {
            while (rows.next()) {
                stored.put(
                        new AttributeKey(rows.getLong(1), rows.getInt(2)),
                        new AttributeType(
                                rows.getInt(2),
                                rows.getString(3),
                                DataType.valueOf(rows.getString(4)),
                                rows.getBoolean(5),
                                rows.getBoolean(6),
                                Optional.ofNullable(rows.getString(7)),
                                Optional.ofNullable(rows.getString(8))));
            }
        }
        return stored;
    }

    private Plan plan(Map<AttributeKey, Change> last) {
        List<Move> moves = new ArrayList<>();
        List<Promotion> claims = new ArrayList<>();
        Slots planned = slots();
        for (Map.Entry<AttributeKey, Change> entry : last.entrySet()) {
            AttributeKey key = entry.getKey();
            Optional<AttributeType> type =
                    upserted(entry.getValue()).filter(known -> known.dataType() != DataType.JSON);
            Optional<DataType> wanted = type.filter(AttributeType::hot).map(AttributeType::dataType);
            Optional<Promotion> held = planned.find(key);
            Optional<DataType> heldType = held.map(promotion -> promotion.slot().dataType());
            if (held.isPresent() && held.get().isAutomatic() && heldType.equals(type.map(AttributeType::dataType))) {
                // What the store chose stays where the registry has no wish of its own.
                if (wanted.isPresent()) {
                    claims.add(held.get());
                    planned = planned.with(held.get().wantedBy(Promotion.By.REGISTRY));
                }
                continue;
            }
            if (heldType.equals(wanted)) {
                continue;
            }
            Optional<Slot> given = Optional.empty();
            if (held.isPresent()) {
                planned = planned.leaving(held.get());
            }
            if (wanted.isPresent()) {
                Slot slot = planned.firstFree(key.tenantId(), wanted.get());
                planned = planned.with(
                        new Promotion(key, slot, Promotion.By.REGISTRY, Promotion.Stage.BUILDING, clock.instant()));
                given = Optional.of(slot);
            }
            moves.add(new Move(key, held, given));
        }
        return new Plan(last, moves, claims);
    }

    /** Adds the columns that the plan wants; see {@link PromotedTable#addColumn}. */
    void addColumns(Plan plan) throws SQLException {
        for (Slot slot : missingColumns(plan)) {
            promoted.addColumn(slot);
        }
    }

    List<Slot> missingColumns(Plan plan) {
        return plan.moves().stream()
                .flatMap(move -> move.to().stream())
                .distinct()
                .filter(slot -> !slots().columns().contains(slot))
                .toList();
    }

    /** Carries the plan out; its columns are there. */
    void apply(Plan plan) throws SQLException {
        for (Map.Entry<AttributeKey, Change> entry : plan.changes().entrySet()) {
            store(entry.getKey(), upserted(entry.getValue()), entry.getValue().order());
        }
        for (Promotion claimed : plan.claims()) {
            promoted.claim(claimed, Promotion.By.REGISTRY);
        }
        for (Move move : plan.moves()) {
            if (move.from().isPresent()) {
                promoted.leave(move.from().get());
            }
            if (move.to().isPresent()) {
                promoted.build(move.attribute(), move.to().get(), Promotion.By.REGISTRY, clock.instant());
            }
        }
    }

    private static Optional<AttributeType> upserted(Change change) {
        return change instanceof Change.AttributeTypeUpserted upserted
                ? Optional.of(upserted.type())
                : Optional.empty();
    }

    private void store(AttributeKey key, Optional<AttributeType> type, ChangeOrder order) throws SQLException {
        if (orders.remove(key) != null) {
            execute("DELETE FROM attribute_type WHERE tenant_id = ? AND attribute_id = ?", key);
        }
        if (type.isEmpty()) {
            return;
        }
        orders.put(key, order);
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO attribute_type (tenant_id, attribute_id, name, data_type, filterable, hot, unit,
                                            description, commit_lsn, commit_ordinal)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            statement.setLong(1, key.tenantId());
            statement.setInt(2, key.attributeId());
            statement.setString(3, type.get().name());
            statement.setString(4, type.get().dataType().name());
            statement.setBoolean(5, type.get().filterable());
            statement.setBoolean(6, type.get().hot());
            statement.setString(7, type.get().unit().orElse(null));
            statement.setString(8, type.get().description().orElse(null));
            statement.setObject(9, WatermarkTable.unsigned(order.commit()));
            statement.setLong(10, order.ordinal());
            statement.executeUpdate();
        }
    }

    private void execute(String sql, AttributeKey key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key.tenantId());
            statement.setInt(2, key.attributeId());
            statement.executeUpdate();
        }
    }
}
