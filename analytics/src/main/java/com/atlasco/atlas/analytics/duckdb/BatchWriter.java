package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.Correction;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.Lsn;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies batches, each in a transaction of its own. For the writer thread. */
final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private final DuckDBConnection connection;
    private final boolean keepsHistory;
    private final KnownColumns columns;
    private final TypeRegistry types;
    private final EntityTable entities;
    private final HistoryTable history;
    private final SnapshotTable snapshots;
    private StoredWatermark reached = StoredWatermark.NONE;
    private Optional<SnapshotState> snapshot = Optional.empty();
    private Set<EntityPlace> unsettled = Set.of();

    /**
     * @param columns is told when slots change hands
     * @param clock says since when attributes are promoted
     */
    BatchWriter(DuckDBConnection connection, boolean keepsHistory, KnownColumns columns, InstantSource clock) {
        this.connection = connection;
        this.keepsHistory = keepsHistory;
        this.columns = columns;
        this.types = new TypeRegistry(connection, clock);
        this.entities = new EntityTable(connection);
        this.history = new HistoryTable(connection);
        this.snapshots = new SnapshotTable(connection);
    }

    /** How far the last committed batch has brought the store. */
    StoredWatermark reached() {
        return reached;
    }

    /** Makes the tables of a new file, and learns what an old one holds. */
    void open() throws SQLException {
        inTransaction(() -> DuckDbSchema.ensure(connection));
        reload();
    }

    void apply(ChangeBatch batch) throws SQLException {
        List<Change> fresh = batch.changes().stream()
                .filter(change -> !reached.covers(change.order()))
                .map(this::whole)
                .toList();
        StoredWatermark after = reached.advancedBy(
                batch.watermark(), fresh.stream().map(Change::order).max(Comparator.naturalOrder()));
        TypeRegistry.Plan plan = types.plan(fresh);
        if (!types.missingColumns(plan).isEmpty()) {
            inTransaction(() -> types.addColumns(plan));
        }
        movingSlots(!plan.moves().isEmpty(), () -> {
            types.apply(plan);
            BatchFold fold = fold(fresh);
            entities.apply(fold.net(), types.slots());
            if (keepsHistory) {
                history.record(fold.accepted(), fold.net());
                dropOvertaken(fold.accepted());
                if (!isComplete(reached) && isComplete(after)) {
                    history.begin();
                }
            }
            forget(fresh);
            note(fold);
            WatermarkTable.save(connection, reached, after);
        });
        reached = after;
    }

    /** A correction may have read, and recorded, what the log brings only now. */
    private void dropOvertaken(List<Change> changes) throws SQLException {
        Set<EntityKey> doubtful = new HashSet<>();
        for (Change change : changes) {
            if (change instanceof Change.EntityUpserted upserted
                    && !change.order().commit().isAtLeast(reached.readUntil())) {
                doubtful.add(new EntityKey(change.tenant().value(), upserted.entityId()));
            }
        }
        if (!doubtful.isEmpty() && snapshot.filter(SnapshotState::initial).isEmpty()) {
            entities.want(doubtful);
            history.dropOvertaken("wanted");
        }
    }

    /**
     * A change that comes while a snapshot is under way may be the first that the store hears of its entity, so the history
     * takes all that there is of it.
     */
    private Change whole(Change change) {
        return snapshot.filter(state -> state.scope().covers(change.tenant())).isPresent()
                        && change instanceof Change.EntityUpserted upserted
                ? upserted.withAllAttributesChanged()
                : change;
    }

    /** Notes what a snapshot has to know, and whose documents have to be asked for. */
    private void note(BatchFold fold) throws SQLException {
        if (snapshot.isPresent()) {
            snapshots.note(
                    fold.accepted(), fold.withoutDocument(), snapshot.get().scope());
        } else {
            snapshots.note(List.of(), fold.unknown(), new SnapshotScope.Everything());
        }
        if (!fold.withoutDocument().isEmpty()) {
            unsettled = snapshots.unsettled();
        }
    }

    Optional<SnapshotState> snapshot() {
        return snapshot;
    }

    Set<EntityPlace> unsettled() {
        return unsettled;
    }

    void begin(SnapshotStart start) throws SQLException {
        boolean initial = !isComplete(reached);
        if (initial) {
            if (!(start.scope() instanceof SnapshotScope.Everything)) {
                throw new IllegalArgumentException("the first snapshot is of everything, not of " + start.scope());
            }
            reset();
        }
        TypeRegistry.Plan plan = types.planReplacement(start.scope(), start.types());
        if (!types.missingColumns(plan).isEmpty()) {
            inTransaction(() -> types.addColumns(plan));
        }
        StoredWatermark after = initial ? StoredWatermark.at(start.position()) : reached;
        movingSlots(!plan.moves().isEmpty(), () -> {
            types.apply(plan);
            snapshots.begin(start, initial);
            WatermarkTable.save(connection, reached, after);
        });
        reached = after;
        reload();
    }

    void apply(SnapshotChunk chunk) throws SQLException {
        SnapshotState state = snapshot.orElseThrow(() -> new IllegalStateException("no snapshot is under way"));
        SnapshotState.Part part = state.parts().stream()
                .filter(known -> known.name().equals(chunk.part()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the snapshot has no part " + chunk.part()));
        if (part.complete() || (!chunk.rows().isEmpty() && !chunk.reached().isBeyond(part.reached()))) {
            return;
        }
        inTransaction(() -> {
            Map<EntityKey, NetChange> rows = new LinkedHashMap<>();
            for (Change.EntityUpserted row : chunk.rows()) {
                rows.put(
                        new EntityKey(row.tenant().value(), row.entityId()),
                        new NetChange.Replaced(row, row.document().orElseThrow(), true));
            }
            if (!rows.isEmpty() && state.initial()) {
                entities.insertUnseen(rows, types.slots());
                if (keepsHistory) {
                    history.record(List.copyOf(chunk.rows()), rows);
                }
            } else if (!rows.isEmpty()) {
                entities.insertInto(Reconciliation.PUT_ASIDE, rows);
            }
            snapshots.reached(chunk);
        });
        inTransaction(() -> snapshot = snapshots.load());
    }

    void complete(Lsn readUntil) throws SQLException {
        SnapshotState state = snapshot.orElseThrow(() -> new IllegalStateException("no snapshot is under way"));
        if (!state.isRead()) {
            throw new IllegalStateException("the snapshot has not been read to its end");
        }
        StoredWatermark after = (state.initial() ? reached.complete() : reached).readUntil(readUntil);
        inTransaction(() -> {
            if (state.initial()) {
                if (keepsHistory) {
                    history.dropOvertaken("snapshot_seen");
                    history.begin();
                }
            } else {
                Reconciliation reconciliation = Reconciliation.ofSnapshot(connection, state.scope());
                long differing = reconciliation.run(reached.last(), state.startedAt(), keepsHistory);
                reconciliation.alignSlots(types.slots());
                LOG.info("The snapshot of {} corrected {} entities", state.scope(), differing);
            }
            snapshots.end();
            WatermarkTable.save(connection, reached, after);
        });
        reached = after;
        reload();
    }

    /** Does nothing without a snapshot whose rows are put aside. */
    void abandon() throws SQLException {
        if (snapshot.filter(state -> !state.initial()).isPresent()) {
            inTransaction(() -> snapshots.end());
            reload();
        }
    }

    void correct(Correction correction) throws SQLException {
        ChangeOrder order = reached.last();
        StoredWatermark after = reached.readUntil(correction.readUntil());
        inTransaction(() -> {
            entities.want(correction.entities().stream()
                    .map(place -> new EntityKey(place.tenantId(), place.entityId()))
                    .toList());
            entities.makeTemporary(Reconciliation.CORRECTED);
            Map<EntityKey, NetChange> rows = new HashMap<>();
            for (Change.EntityUpserted row : correction.found()) {
                rows.put(
                        new EntityKey(row.tenant().value(), row.entityId()),
                        new NetChange.Replaced(row, row.document().orElseThrow(), true));
            }
            if (!rows.isEmpty()) {
                entities.insertInto(Reconciliation.CORRECTED, rows);
            }
            Reconciliation reconciliation = Reconciliation.ofWanted(connection);
            reconciliation.run(order, correction.at(), keepsHistory);
            reconciliation.alignSlots(types.slots());
            snapshots.settle();
            WatermarkTable.save(connection, reached, after);
        });
        reached = after;
        reload();
    }

    private static boolean isComplete(StoredWatermark watermark) {
        return watermark.watermark().map(Watermark::snapshotComplete).orElse(false);
    }

    void reset() throws SQLException {
        movingSlots(true, () -> DuckDbSchema.recreate(connection));
        reload();
    }

    /** Of a deleted tenant nothing is kept. Its last entities went before it, in this batch or an earlier one. */
    private void forget(List<Change> changes) throws SQLException {
        for (Change change : changes) {
            if (change instanceof Change.TenantDeleted deleted) {
                history.forget(deleted.tenant());
            }
        }
    }

    private BatchFold fold(List<Change> changes) throws SQLException {
        Set<EntityKey> doubtful = new HashSet<>();
        for (Change change : changes) {
            switch (change) {
                // A change above all that was applied needs no look at the row it replaces, which costs a scan.
                case Change.EntityUpserted upserted -> {
                    if (upserted.document().isEmpty() || !isAboveAll(change)) {
                        doubtful.add(new EntityKey(change.tenant().value(), upserted.entityId()));
                    }
                }
                case Change.EntityDeleted deleted -> {
                    if (!isAboveAll(change)) {
                        doubtful.add(new EntityKey(change.tenant().value(), deleted.entityId()));
                    }
                }
                case Change.AttributeTypeUpserted _, Change.AttributeTypeDeleted _, Change.TenantDeleted _ -> {}
            }
        }
        Map<EntityKey, ChangeOrder> stored = doubtful.isEmpty() ? Map.of() : entities.orders(doubtful);
        doubtful.removeAll(stored.keySet());
        BatchFold fold = new BatchFold(stored, doubtful, this::isSurelyNew);
        for (Change change : changes) {
            switch (change) {
                case Change.EntityUpserted upserted -> fold.add(upserted);
                case Change.EntityDeleted deleted -> fold.add(deleted);
                case Change.AttributeTypeUpserted _, Change.AttributeTypeDeleted _, Change.TenantDeleted _ -> {}
            }
        }
        return fold;
    }

    private boolean isAboveAll(Change change) {
        Optional<ChangeOrder> highest = reached.highest();
        return highest.isEmpty() || change.order().compareTo(highest.get()) > 0;
    }

    /**
     * A row that was read from the primary may be there before the change that created it comes. The order of a change is the
     * end of the commit before its own, so from there on it has been committed after what was read.
     */
    private boolean isSurelyNew(Change change) {
        return snapshot.filter(SnapshotState::initial).isEmpty()
                && change.order().commit().isAtLeast(reached.readUntil())
                && isAboveAll(change);
    }

    /** Where promotions are kept, for upkeep in transactions of its own. */
    PromotedTable promoted() {
        return types.promoted();
    }

    /** What is done in one transaction. */
    interface Work {
        void run() throws SQLException;
    }

    /** @param moves whether queries may find columns elsewhere afterwards */
    void movingSlots(boolean moves, Work work) throws SQLException {
        if (!moves) {
            inTransaction(work);
            return;
        }
        columns.moving();
        try {
            inTransaction(work);
        } finally {
            columns.moved();
        }
    }

    private void inTransaction(Work work) throws SQLException {
        boolean committed = false;
        try {
            connection.setAutoCommit(false);
            work.run();
            connection.commit();
            committed = true;
        } finally {
            if (!committed) {
                rollback();
            }
        }
    }

    private void rollback() {
        try {
            connection.rollback();
            types.load();
            connection.rollback();
        } catch (SQLException failure) {
            LOG.error("A failed batch could not be rolled back; the store has to be opened again", failure);
        }
    }

    private void reload() throws SQLException {
        inTransaction(() -> {
            types.load();
            reached = WatermarkTable.load(connection);
            snapshot = snapshots.load();
            unsettled = snapshots.unsettled();
        });
    }
}
