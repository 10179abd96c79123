package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.Workplace;
import com.atlasco.atlas.bench.http.BatchLoad;
import com.atlasco.atlas.bench.http.HttpConnection;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * The same stream of entities, half of them new and half of them updated, written and captured as fast as it goes: once by
 * Atlas over HTTP, an event per entity, and once as a row and an event per value. The time runs from the first write until
 * the last one is durable in DuckDB. Nothing is read beside.
 */
final class Comparison {

    static final int TRANSACTION = 1_000;

    private static final int CONNECTIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final PipelineSettings settings;

    Comparison(Cluster cluster, PipelineSettings settings) {
        this.cluster = cluster;
        this.settings = settings;
    }

    /**
     * How fast values came through, in values a second.
     *
     * @param rowEvents events of the value rows; less than values where an update changed some of them only
     */
    record Outcome(double atlas, double valueRows, long rowEvents) {}

    /** @param mix of what is in Atlas; its first entities are there */
    Outcome run(EntityMix mix, Workplace workplace) throws IOException, SQLException, InterruptedException {
        double atlas = atlas(mix.stream(settings.entities(), TRANSACTION, settings.entities()), mix);
        ValueRows.create(cluster);
        EntityMix rows = new EntityMix(settings.seed(), settings.attributes());
        try (ValueRowTable table = ValueRowTable.open(workplace.file("value_rows.duckdb"));
                ValueRowCapture capture = ValueRowCapture.start(cluster, table)) {
            // The entities that are updated later; it warms the connector up too.
            List<EntityMix.Batch> base = new ArrayList<>();
            for (int i = 0; i < settings.entities(); i += TRANSACTION) {
                base.add(rows.created(TRANSACTION));
            }
            capture.awaitApplied(write(rows, base), PATIENCE);
            long before = capture.applied();
            List<EntityMix.Batch> stream = rows.stream(settings.entities(), TRANSACTION, settings.entities());
            long began = System.nanoTime();
            long changed = write(rows, stream);
            capture.awaitApplied(before + changed, PATIENCE);
            double seconds = (System.nanoTime() - began) / 1e9;
            String expected = ValueRows.content(cluster);
            if (!expected.equals(table.content())) {
                throw new IOException(
                        "the columnar table of value rows has %s, the primary %s".formatted(table.content(), expected));
            }
            return new Outcome(atlas, values() / seconds, changed);
        }
    }

    private double values() {
        return (double) settings.entities() * settings.attributes();
    }

    private double atlas(List<EntityMix.Batch> stream, EntityMix mix) throws IOException, InterruptedException {
        List<List<BatchLoad.Batch>> lanes = new ArrayList<>();
        for (List<EntityMix.Batch> share : shares(stream)) {
            lanes.add(share.stream()
                    .map(batch -> new BatchLoad.Batch(PipelineSettings.TENANT, mix.lines(batch), batch.size()))
                    .toList());
        }
        try (HttpConnection connection = HttpConnection.open(cluster.url())) {
            long before = StatusWatch.Look.at(connection).changesApplied();
            long began = System.nanoTime();
            BatchLoad.run(cluster.url(), lanes);
            long end = began + PATIENCE.toNanos();
            while (StatusWatch.Look.at(connection).changesApplied() < before + settings.entities()) {
                if (System.nanoTime() > end) {
                    throw new IOException("Atlas did not capture the entities in time");
                }
                LockSupport.parkNanos(20_000_000);
            }
            return values() / ((System.nanoTime() - began) / 1e9);
        }
    }

    /** Over two connections; returns the rows that were inserted or changed. */
    private long write(EntityMix mix, List<EntityMix.Batch> batches)
            throws IOException, SQLException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Long>> lanes = new ArrayList<>();
            for (List<EntityMix.Batch> share : shares(batches)) {
                lanes.add(threads.submit(() -> {
                    long rows = 0;
                    try (ValueRows writer = ValueRows.open(cluster, mix)) {
                        for (EntityMix.Batch batch : share) {
                            rows += writer.write(batch);
                        }
                    }
                    return rows;
                }));
            }
            long rows = 0;
            for (Future<Long> lane : lanes) {
                rows += lane.get();
            }
            return rows;
        } catch (ExecutionException failed) {
            throw new IOException("value rows were not written: " + failed.getCause(), failed.getCause());
        }
    }

    private static List<List<EntityMix.Batch>> shares(List<EntityMix.Batch> batches) {
        List<List<EntityMix.Batch>> shares = new ArrayList<>();
        for (int lane = 0; lane < CONNECTIONS; lane++) {
            List<EntityMix.Batch> share = new ArrayList<>();
            for (int i = lane; i < batches.size(); i += CONNECTIONS) {
                share.add(batches.get(i));
            }
            shares.add(share);
        }
        return shares;
    }
}
