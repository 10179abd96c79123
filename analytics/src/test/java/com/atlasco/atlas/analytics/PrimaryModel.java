package com.atlasco.atlas.analytics;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A primary of two tenants with little in it: makes random changes, and knows what the store must then hold. */
final class PrimaryModel {

    static final List<TenantId> TENANTS = List.of(new TenantId(1), new TenantId(7));
    static final int ENTITIES = 25;

    /** Values near to one another and near the edges of their types, so that they meet in groups and comparisons. */
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "b",
            "ab",
            "a%b",
            "a_b",
            "a\\b",
            "é",
            "É",
            "z",
            "\uE000",
            "\uD83D\uDE00",
            "a\uD83D\uDE00b",
            "{\"x\":1}",
            "'; DROP TABLE entity; --",
            "line\nbreak",
            "NULL",
            "[1=2]");

    private static final List<Double> NUMBERS = List.of(
            0.0, 1.0, -1.0, 2.5, 10.0, 99.9, 100.0, 0.1, 0.2, 0.3, 1e9, -123456.789, 1e-7, Double.MIN_VALUE, 42.0);
    private static final List<Long> TIMESTAMPS = List.of(
            0L,
            -1L,
            1L,
            1_700_000_000_000_000L,
            1_700_003_600_000_000L,
            1_704_067_199_999_999L,
            1_704_067_200_000_000L,
            -62_135_596_800_000_000L,
            253_402_300_799_999_999L);
    private static final List<String> JSONS = List.of("[]", "{}", "[1,2]", "{\"a\":null}", "\"text\"", "0");

    private final Random random;
    private final Map<TenantId, Map<Integer, AttributeType>> types =
            new TreeMap<>((one, other) -> Long.compare(one.value(), other.value()));
    private final Map<TenantId, Map<Long, Entity>> entities =
            new TreeMap<>((one, other) -> Long.compare(one.value(), other.value()));
    private final Map<String, Long> versions = new HashMap<>();
    private long lsn = 0x0F00_0000L;
    private long clock = 1_750_000_000_000_000L;
    private long heartbeat;

    PrimaryModel(Random random) {
        this.random = random;
        int id = 1;
        for (TenantId tenant : TENANTS) {
            types.put(tenant, new TreeMap<>());
            entities.put(tenant, new TreeMap<>());
            for (DataType dataType : DataType.values()) {
                for (int i = 0; i < 3; i++) {
                    AttributeType type = new AttributeType(
                            id,
                            "attribute" + id,
                            dataType,
                            true,
                            random.nextBoolean(),
                            Optional.empty(),
                            Optional.of("d"));
                    typesById(tenant).put(id, type);
                    id += 1 + random.nextInt(3);
                }
            }
        }
    }

    Map<Long, Entity> entities(TenantId tenant) {
        return Objects.requireNonNull(entities.get(tenant));
    }

    private Map<Integer, AttributeType> typesById(TenantId tenant) {
        return Objects.requireNonNull(types.get(tenant));
    }

    List<AttributeType> types(TenantId tenant) {
        return List.copyOf(typesById(tenant).values());
    }

    /** Everything there is, as the first snapshot brings it: all at one order. */
    List<Change> snapshot() {
        ChangeOrder order = new ChangeOrder(new Lsn(lsn), 0);
        List<Change> changes = new ArrayList<>();
        types.forEach((tenant, byId) ->
                byId.values().forEach(type -> changes.add(new Change.AttributeTypeUpserted(tenant, type, order))));
        for (TenantId tenant : TENANTS) {
            for (long id = 1; id <= ENTITIES; id += 1 + random.nextInt(2)) {
                Entity entity = new Entity(id, "type" + id % 3, 1, document(tenant, Document.empty()), now());
                entities(tenant).put(id, entity);
                changes.add(upserted(
                        tenant, entity, true, entity.document().values().keySet(), order));
            }
        }
        return changes;
    }

    /** Some transactions of some changes each. */
    List<Change> transactions() {
        List<Change> changes = new ArrayList<>();
        for (int transaction = random.nextInt(6); transaction >= 0; transaction--) {
            lsn += 1 + random.nextInt(1000);
            for (int ordinal = random.nextInt(8); ordinal >= 0; ordinal--) {
                ChangeOrder order = new ChangeOrder(new Lsn(lsn), 8 - ordinal);
                changes.add(random.nextInt(12) == 0 ? changeType(order) : changeEntity(order));
            }
        }
        return changes;
    }

    /** A batch of these changes, which end where the primary stands. */
    ChangeBatch batch(List<Change> changes, boolean complete) {
        List<Heartbeat> heartbeats = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            heartbeats.add(
                    new Heartbeat("node-" + random.nextInt(3), ++heartbeat, new Position(77, 1, new Lsn(lsn)), now()));
        }
        lsn += random.nextInt(3);
        return new ChangeBatch(
                changes,
                new Watermark(
                        new Position(77, 1, new Lsn(lsn)),
                        changes.isEmpty()
                                ? Optional.empty()
                                : Optional.of(changes.getLast().order()),
                        heartbeats,
                        "{\"offset\":" + lsn + "}",
                        complete));
    }

    private Change changeType(ChangeOrder order) {
        TenantId tenant = pick(TENANTS);
        AttributeType old = pick(types(tenant));
        if (random.nextInt(8) == 0 && typesById(tenant).size() > 5) {
            typesById(tenant).remove(old.attributeId());
            return new Change.AttributeTypeDeleted(tenant, old.attributeId(), order);
        }
        AttributeType type = new AttributeType(
                old.attributeId(),
                old.name(),
                old.dataType(),
                random.nextBoolean(),
                !old.hot(),
                Optional.of("unit"),
                Optional.empty());
        typesById(tenant).put(type.attributeId(), type);
        return new Change.AttributeTypeUpserted(tenant, type, order);
    }

    private Change changeEntity(ChangeOrder order) {
        TenantId tenant = pick(TENANTS);
        long id = 1L + random.nextInt(ENTITIES);
        Entity old = entities(tenant).get(id);
        if (old == null) {
            // Versions outlive their entity.
            long version = 1 + versions.getOrDefault(tenant.value() + "/" + id, 0L);
            Entity created =
                    new Entity(id, "type" + random.nextInt(3), version, document(tenant, Document.empty()), now());
            entities(tenant).put(id, created);
            return upserted(tenant, created, true, created.document().values().keySet(), order);
        }
        return switch (random.nextInt(5)) {
            case 0 -> {
                entities(tenant).remove(id);
                versions.put(tenant.value() + "/" + id, old.version());
                yield new Change.EntityDeleted(tenant, id, now(), order);
            }
            case 1 -> {
                Entity touched = new Entity(id, "type" + random.nextInt(3), old.version() + 1, old.document(), now());
                entities(tenant).put(id, touched);
                yield upserted(tenant, touched, false, Set.of(), order);
            }
            default -> {
                Document document = document(tenant, old.document());
                Set<Integer> changed = new TreeSet<>();
                changed.addAll(old.document().values().keySet());
                changed.addAll(document.values().keySet());
                changed.removeIf(attribute ->
                        document.find(attribute).equals(old.document().find(attribute)));
                Entity patched = new Entity(id, old.entityType(), old.version() + 1, document, now());
                entities(tenant).put(id, patched);
                yield upserted(tenant, patched, true, changed, order);
            }
        };
    }

    /** The end of the log. */
    Lsn log() {
        return new Lsn(lsn);
    }

    Position position() {
        return new Position(77, 1, log());
    }

    /** The rows of a tenant behind an id, as somebody who reads the tables finds them. */
    List<Change.EntityUpserted> rows(TenantId tenant, long after, int limit, ChangeOrder order) {
        return entities(tenant).values().stream()
                .filter(entity -> entity.entityId() > after)
                .limit(limit)
                .map(entity -> row(tenant, entity, order))
                .toList();
    }

    Optional<Change.EntityUpserted> row(TenantId tenant, long entityId, ChangeOrder order) {
        return Optional.ofNullable(entities(tenant).get(entityId)).map(entity -> row(tenant, entity, order));
    }

    private Change.EntityUpserted row(TenantId tenant, Entity entity, ChangeOrder order) {
        return new Change.EntityUpserted(
                tenant,
                entity.entityId(),
                entity.entityType(),
                entity.version(),
                Optional.of(entity.document()),
                entity.document().values().keySet(),
                entity.updatedAt(),
                latest(),
                order);
    }

    List<Change.AttributeTypeUpserted> typeRows(ChangeOrder order) {
        return TENANTS.stream()
                .flatMap(tenant ->
                        types(tenant).stream().map(type -> new Change.AttributeTypeUpserted(tenant, type, order)))
                .toList();
    }

    private static Change upserted(
            TenantId tenant, Entity entity, boolean withDocument, Set<Integer> changed, ChangeOrder order) {
        return new Change.EntityUpserted(
                tenant,
                entity.entityId(),
                entity.entityType(),
                entity.version(),
                withDocument ? Optional.of(entity.document()) : Optional.empty(),
                Set.copyOf(changed),
                entity.updatedAt(),
                entity.updatedAt(),
                order,
                entity.version() == 1 && order.ordinal() > 0);
    }

    private Document document(TenantId tenant, Document old) {
        TreeMap<Integer, Value> values = new TreeMap<>(old.values());
        for (AttributeType type : typesById(tenant).values()) {
            switch (random.nextInt(4)) {
                case 0 -> values.remove(type.attributeId());
                case 1, 2 -> values.put(type.attributeId(), value(type.dataType()));
                default -> {
                    // As it was.
                }
            }
        }
        return new Document(values);
    }

    Value value(DataType dataType) {
        return switch (dataType) {
            case NUMBER ->
                new Value.NumberValue(random.nextInt(4) == 0 ? random.nextInt(10_000) / 100.0 : pick(NUMBERS));
            case TEXT -> new Value.TextValue(pick(TEXTS));
            case TS -> new Value.TimestampValue(pick(TIMESTAMPS));
            case BOOL -> new Value.BoolValue(random.nextBoolean());
            case JSON -> new Value.JsonValue(pick(JSONS));
        };
    }

    private Instant now() {
        clock += 1 + random.nextInt(5_000_000);
        return new Value.TimestampValue(clock).instant();
    }

    /** When the last change was made. */
    Instant latest() {
        return new Value.TimestampValue(clock).instant();
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
