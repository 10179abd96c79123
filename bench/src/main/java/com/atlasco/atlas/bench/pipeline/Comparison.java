package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.cluster.Cluster;
import com.atlasco.atlas.bench.cluster.Workplace;
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
            capture.awaitApplied(write(prepared(rows, base)), PATIENCE);
            long before = capture.applied();
            List<EntityMix.Batch> stream = rows.stream(settings.entities(), TRANSACTION, settings.entities());
            List<List<ValueRows.Prepared>> prepared = prepared(rows, stream);
            long began = System.nanoTime();
            long changed = write(prepared);
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
        try (HttpConnection connection = HttpConnection.open(cluster.url())) {
            long before = StatusWatch.Look.at(connection).changesApplied();
            double writing = new EntityWrites(cluster, mix).run(stream);
            long began = System.nanoTime();
            long end = began + PATIENCE.toNanos();
            while (StatusWatch.Look.at(connection).changesApplied() < before + settings.entities()) {
                if (System.nanoTime() > end) {
                    throw new IOException("Atlas did not capture the entities in time");
                }
                LockSupport.parkNanos(20_000_000);
            }
            return values() / (writing + (System.nanoTime() - began) / 1e9);
        }
    }

    private static List<List<ValueRows.Prepared>> prepared(EntityMix mix, List<EntityMix.Batch> batches) {
        return EntityWrites.shares(batches).stream()
                .map(share -> share.stream()
                        .map(batch -> ValueRows.prepare(mix, batch))
                        .toList())
                .toList();
    }

    /** Over two connections; returns the rows that were inserted or changed. */
    private long write(List<List<ValueRows.Prepared>> shares) throws IOException, SQLException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(EntityWrites.CONNECTIONS)) {
            List<Future<Long>> lanes = new ArrayList<>();
            for (List<ValueRows.Prepared> share : shares) {
                lanes.add(threads.submit(() -> {
                    long rows = 0;
                    try (ValueRows writer = ValueRows.open(cluster)) {
                        for (ValueRows.Prepared batch : share) {
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
}
