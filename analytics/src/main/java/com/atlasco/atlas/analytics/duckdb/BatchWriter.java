package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
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
    private StoredWatermark reached = StoredWatermark.NONE;

    /** @param columns is told when slots change hands */
    BatchWriter(DuckDBConnection connection, boolean keepsHistory, KnownColumns columns) {
        this.connection = connection;
        this.keepsHistory = keepsHistory;
        this.columns = columns;
        this.types = new TypeRegistry(connection);
        this.entities = new EntityTable(connection);
        this.history = new HistoryTable(connection);
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
                if (!isComplete(reached) && isComplete(after)) {
                    history.begin();
                }
            }
            forget(fresh);
            WatermarkTable.save(connection, reached, after);
        });
        reached = after;
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
        BatchFold fold = new BatchFold(stored, doubtful, this::isAboveAll);
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

    private interface Work {
        void run() throws SQLException;
    }

    private void movingSlots(boolean moves, Work work) throws SQLException {
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
        });
    }
}
