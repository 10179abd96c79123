package com.atlasco.atlas.it.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
    private Optional<Watermark> watermark = Optional.empty();
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
                if (rows.remove(new Key(deleted.tenant().value(), deleted.entityId())) == null) {
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
    public synchronized void reset() {
        rows.clear();
        types.clear();
        heartbeats.clear();
        streamed.clear();
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
