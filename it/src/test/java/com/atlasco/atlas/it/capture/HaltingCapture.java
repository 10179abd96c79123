package com.atlasco.atlas.it.capture;

import com.atlasco.atlas.analytics.AnalyticsStore;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.duckdb.DuckDbSettings;
import com.atlasco.atlas.analytics.duckdb.DuckDbStore;
import com.atlasco.atlas.analytics.snapshot.Correction;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.capture.CaptureObserver;
import com.atlasco.atlas.capture.CapturePipeline;
import com.atlasco.atlas.embedded.PostgresEndpoint;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.history.HistoryPage;
import com.atlasco.atlas.query.history.HistoryQuery;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Captures into DuckDB until a number of batches and chunks is durable, then dies before the slot is told. */
final class HaltingCapture {

    static final int HALTED = 7;

    private HaltingCapture() {}

    public static void main(String[] arguments) throws Exception {
        CaptureSource source = new CaptureSource(
                new PostgresEndpoint(
                        arguments[0], Integer.parseInt(arguments[1]), arguments[2], arguments[3], arguments[4]),
                arguments[2],
                arguments[5]);
        AnalyticsStore store =
                new Halting(DuckDbStore.open(DuckDbSettings.of(Path.of(arguments[6]))), Integer.parseInt(arguments[7]));
        new CapturePipeline(source.settings(), store, CaptureObserver.none()).start();
        Thread.currentThread().join(60_000);
    }

    private static final class Halting implements AnalyticsStore {
        private final AnalyticsStore store;
        private int left;

        Halting(AnalyticsStore store, int left) {
            this.store = store;
            this.left = left;
        }

        @Override
        public void apply(ChangeBatch batch) {
            store.apply(batch);
            count();
        }

        private synchronized void count() {
            left--;
            if (left == 0) {
                Runtime.getRuntime().halt(HALTED);
            }
        }

        @Override
        public void beginSnapshot(SnapshotStart start) {
            store.beginSnapshot(start);
        }

        @Override
        public Optional<SnapshotState> snapshot() {
            return store.snapshot();
        }

        @Override
        public void applyChunk(SnapshotChunk chunk) {
            store.applyChunk(chunk);
            count();
        }

        @Override
        public Set<EntityPlace> unsettled() {
            return store.unsettled();
        }

        @Override
        public void completeSnapshot(Lsn readUntil) {
            store.completeSnapshot(readUntil);
            count();
        }

        @Override
        public void abandonSnapshot() {
            store.abandonSnapshot();
        }

        @Override
        public void correct(Correction correction) {
            store.correct(correction);
        }

        @Override
        public Lsn readUntil() {
            return store.readUntil();
        }

        @Override
        public String identity() {
            return store.identity();
        }

        @Override
        public Optional<Watermark> watermark() {
            return store.watermark();
        }

        @Override
        public void reset() {
            store.reset();
        }

        @Override
        public Optional<Entity> get(TenantId tenant, long entityId) {
            return store.get(tenant, entityId);
        }

        @Override
        public HistoryPage history(TenantId tenant, HistoryQuery query) {
            return store.history(tenant, query);
        }

        @Override
        public Optional<Entity> get(TenantId tenant, long entityId, Instant asOf) {
            return store.get(tenant, entityId, asOf);
        }

        @Override
        public AggregateResult aggregate(TenantId tenant, AggregateQuery query, Instant asOf) {
            return store.aggregate(tenant, query, asOf);
        }

        @Override
        public EntityPage find(TenantId tenant, EntityQuery query) {
            return store.find(tenant, query);
        }

        @Override
        public AggregateResult aggregate(TenantId tenant, AggregateQuery query) {
            return store.aggregate(tenant, query);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
