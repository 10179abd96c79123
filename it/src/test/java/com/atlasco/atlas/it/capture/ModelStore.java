package com.atlasco.atlas.it.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.Correction;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.history.HistoryPage;
import com.atlasco.atlas.query.history.HistoryQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The contract of the analytics store in memory, which also checks what it is given: no watermark may go back, no
 * change may come twice.
 */
class ModelStore implements AnalyticsStore {

    record Key(long tenant, long entityId) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byTenant = Long.compare(tenant, other.tenant);
            return byTenant != 0 ? byTenant : Long.compare(entityId, other.entityId);
        }
    }

    record Row(Entity entity, Set<Integer> changed) {}

    private final Map<Key, Row> rows = new TreeMap<>();
    private final Map<Integer, AttributeType> types = new TreeMap<>();
    private final Map<String, Heartbeat> heartbeats = new HashMap<>();
    private final List<ChangeOrder> streamed = new ArrayList<>();
    private final List<Watermark> watermarks = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Set<Key> seen = new TreeSet<>();
    private final Set<EntityPlace> unsettled = new HashSet<>();
    private final Map<Key, Row> aside = new TreeMap<>();
    private Optional<SnapshotState> snapshot = Optional.empty();
    private Optional<Watermark> watermark = Optional.empty();
    private Lsn readUntil = Lsn.ZERO;
    private long batches;
    private long resets;

    @Override
    public synchronized void apply(ChangeBatch batch) {
        Optional<ChangeOrder> applied = watermark.flatMap(Watermark::order);
        for (Change change : batch.changes()) {
            if (applied.isPresent() && change.order().compareTo(applied.get()) <= 0) {
                violations.add("came twice: " + change);
                continue;
            }
            if (change.order().ordinal() > 0) {
                streamed.add(change.order());
            }
            apply(change);
        }
        Watermark next = batch.watermark();
        watermark.ifPresent(known -> check(known, next));
        for (Heartbeat heartbeat : next.heartbeats()) {
            heartbeats.put(heartbeat.nodeId(), heartbeat);
        }
        watermark = Optional.of(new Watermark(
                next.position(),
                next.order(),
                List.copyOf(heartbeats.values()),
                next.connectorOffset(),
                next.snapshotComplete()));
        watermarks.add(next);
        batches++;
    }

    private void apply(Change change) {
        switch (change) {
            case Change.EntityUpserted upserted -> {
                Key key = new Key(upserted.tenant().value(), upserted.entityId());
                Optional<Row> before = Optional.ofNullable(rows.get(key));
                if (upserted.document().isPresent()) {
                    seen.add(key);
                } else {
                    unsettled.add(new EntityPlace(key.tenant(), key.entityId()));
                    if (before.isEmpty()) {
                        return;
                    }
                }
                rows.put(
                        key,
                        new Row(
                                new Entity(
                                        upserted.entityId(),
                                        upserted.entityType(),
                                        upserted.version(),
                                        upserted.document()
                                                .or(() -> before.map(
                                                        row -> row.entity().document()))
                                                .orElseThrow(() -> new IllegalStateException("no document: " + key)),
                                        upserted.updatedAt()),
                                upserted.changedAttributes()));
            }
            case Change.EntityDeleted deleted -> {
                Key key = new Key(deleted.tenant().value(), deleted.entityId());
                seen.add(key);
                if (rows.remove(key) == null && snapshot.isEmpty()) {
                    violations.add("deleted what was not there: " + deleted);
                }
            }
            case Change.AttributeTypeUpserted upserted ->
                types.put(upserted.type().attributeId(), upserted.type());
            case Change.AttributeTypeDeleted deleted -> types.remove(deleted.attributeId());
            case Change.TenantDeleted deleted ->
                rows.keySet().stream()
                        .filter(key -> key.tenant() == deleted.tenant().value())
                        .findFirst()
                        .ifPresent(left -> violations.add("a deleted tenant left " + left));
        }
    }

    private void check(Watermark known, Watermark next) {
        if (next.position().lsn().compareTo(known.position().lsn()) < 0) {
            violations.add("position went back from " + known + " to " + next);
        }
        if (known.order().isPresent()
                && (next.order().isEmpty()
                        || next.order().get().compareTo(known.order().get()) < 0)) {
            violations.add("order went back from " + known + " to " + next);
        }
        for (Heartbeat heartbeat : next.heartbeats()) {
            Heartbeat before = heartbeats.get(heartbeat.nodeId());
            if (before != null && before.sequence() >= heartbeat.sequence()) {
                violations.add("heartbeat went back from " + before + " to " + heartbeat);
            }
        }
    }

    @Override
    public synchronized Optional<Watermark> watermark() {
        return watermark;
    }

    @Override
    public synchronized void beginSnapshot(SnapshotStart start) {
        boolean initial = !watermark.map(Watermark::snapshotComplete).orElse(false);
        snapshot = Optional.of(new SnapshotState(
                start.scope(),
                initial,
                start.position(),
                start.startedAt(),
                start.estimatedRows(),
                start.reason(),
                start.parts().stream()
                        .map(part -> new SnapshotState.Part(part, EntityPlace.FIRST, 0, false))
                        .toList()));
        seen.clear();
        aside.clear();
        types.clear();
        start.types().forEach(type -> types.put(type.type().attributeId(), type.type()));
        if (initial) {
            watermark = Optional.of(new Watermark(
                    start.position(),
                    Optional.of(new ChangeOrder(start.position().lsn(), 0)),
                    List.of(),
                    start.position().lsn().toString(),
                    false));
        }
    }

    @Override
    public synchronized Optional<SnapshotState> snapshot() {
        return snapshot;
    }

    @Override
    public synchronized void applyChunk(SnapshotChunk chunk) {
        SnapshotState state = snapshot.orElseThrow();
        for (Change.EntityUpserted row : chunk.rows()) {
            Key key = new Key(row.tenant().value(), row.entityId());
            Row found = row(row);
            if (!state.initial()) {
                aside.put(key, found);
            } else if (!seen.contains(key) && rows.put(key, found) != null) {
                violations.add("read twice: " + key);
            }
        }
        snapshot = Optional.of(new SnapshotState(
                state.scope(),
                state.initial(),
                state.position(),
                state.startedAt(),
                state.estimatedRows(),
                state.reason(),
                state.parts().stream()
                        .map(part -> part.name().equals(chunk.part())
                                ? new SnapshotState.Part(
                                        part.name(),
                                        chunk.reached(),
                                        part.rows() + chunk.rows().size(),
                                        chunk.last())
                                : part)
                        .toList()));
    }

    private static Row row(Change.EntityUpserted row) {
        return new Row(
                new Entity(
                        row.entityId(),
                        row.entityType(),
                        row.version(),
                        row.document().orElseThrow(),
                        row.updatedAt()),
                row.changedAttributes());
    }

    @Override
    public synchronized Set<EntityPlace> unsettled() {
        return Set.copyOf(unsettled);
    }

    @Override
    public synchronized Lsn readUntil() {
        return readUntil;
    }

    private void read(Lsn until) {
        readUntil = until.compareTo(readUntil) > 0 ? until : readUntil;
    }

    @Override
    public synchronized void completeSnapshot(Lsn until) {
        read(until);
        SnapshotState state = snapshot.orElseThrow();
        if (state.initial()) {
            Watermark known = watermark.orElseThrow();
            watermark = Optional.of(
                    new Watermark(known.position(), known.order(), known.heartbeats(), known.connectorOffset(), true));
        } else {
            rows.keySet().removeIf(key -> state.scope().covers(new TenantId(key.tenant())) && !seen.contains(key));
            aside.forEach((key, row) -> {
                if (!seen.contains(key)) {
                    rows.put(key, row);
                }
            });
        }
        snapshot = Optional.empty();
    }

    @Override
    public synchronized void abandonSnapshot() {
        snapshot = snapshot.filter(SnapshotState::initial);
    }

    @Override
    public synchronized void correct(Correction correction) {
        read(correction.readUntil());
        for (EntityPlace place : correction.entities()) {
            rows.remove(new Key(place.tenantId(), place.entityId()));
            unsettled.remove(place);
        }
        for (Change.EntityUpserted row : correction.found()) {
            rows.put(new Key(row.tenant().value(), row.entityId()), row(row));
        }
    }

    @Override
    public String identity() {
        return "model";
    }

    @Override
    public synchronized void reset() {
        rows.clear();
        types.clear();
        heartbeats.clear();
        streamed.clear();
        seen.clear();
        unsettled.clear();
        snapshot = Optional.empty();
        watermark = Optional.empty();
        resets++;
    }

    @Override
    public synchronized Optional<Entity> get(TenantId tenant, long entityId) {
        return Optional.ofNullable(rows.get(new Key(tenant.value(), entityId))).map(Row::entity);
    }

    @Override
    public EntityPage find(TenantId tenant, EntityQuery query) {
        throw pointReadsOnly();
    }

    @Override
    public AggregateResult aggregate(TenantId tenant, AggregateQuery query) {
        throw pointReadsOnly();
    }

    private static RuntimeException pointReadsOnly() {
        return Problem.of(ErrorCode.FILTER_UNSUPPORTED, "the model store serves point reads only")
                .asException();
    }

    @Override
    public void close() {}

    /** Changes one row, removes one and adds one, as no change of the primary does. */
    synchronized void damage() {
        Key changed = new Key(1, 1);
        rows.computeIfPresent(
                changed,
                (_, row) -> new Row(
                        new Entity(
                                1, "damaged", 77, Document.empty(), row.entity().updatedAt()),
                        row.changed()));
        rows.remove(new Key(1, 2));
        rows.put(new Key(1, 999), new Row(new Entity(999, "damaged", 1, Document.empty(), Instant.EPOCH), Set.of()));
    }

    synchronized Map<Key, Entity> entities() {
        Map<Key, Entity> entities = new TreeMap<>();
        rows.forEach((key, row) -> entities.put(key, row.entity()));
        return entities;
    }

    synchronized Map<Key, Row> rows() {
        return new TreeMap<>(rows);
    }

    synchronized Set<Integer> changed(long tenant, long entityId) {
        return Optional.ofNullable(rows.get(new Key(tenant, entityId)))
                .map(Row::changed)
                .orElseThrow();
    }

    synchronized Map<Integer, AttributeType> types() {
        return new TreeMap<>(types);
    }

    /** The orders of all streamed changes since the last reset. */
    synchronized List<ChangeOrder> streamed() {
        return List.copyOf(streamed);
    }

    synchronized List<Watermark> watermarks() {
        return List.copyOf(watermarks);
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized long batches() {
        return batches;
    }

    synchronized long resets() {
        return resets;
    }

    @Override
    public HistoryPage history(TenantId tenant, HistoryQuery query) {
        throw noPast();
    }

    @Override
    public Optional<Entity> get(TenantId tenant, long entityId, Instant asOf) {
        throw noPast();
    }

    @Override
    public AggregateResult aggregate(TenantId tenant, AggregateQuery query, Instant asOf) {
        throw noPast();
    }

    private static RuntimeException noPast() {
        return Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "the model keeps no history")
                .asException();
    }
}
