package com.atlasco.atlas.bench.pipeline;

import com.atlasco.atlas.bench.cluster.Cluster;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/** Debezium in this JVM, from the table of one row per value into DuckDB, set as Atlas sets its own. */
final class ValueRowCapture implements AutoCloseable {

    // As com.atlasco.atlas.capture.CaptureSettings has them.
    private static final int BATCH = 8_192;
    private static final int POLL_MILLIS = 25;
    private static final int CONFIRM_MILLIS = 1_000;
    private static final long QUEUE_BYTES = 128L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ValueRowTable table;
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final Thread thread;
    private final CountDownLatch polling = new CountDownLatch(1);
    private final AtomicLong applied = new AtomicLong();
    private volatile Optional<String> failure = Optional.empty();

    private ValueRowCapture(Cluster cluster, ValueRowTable table) {
        this.table = table;
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(properties(cluster))
                .using(new DebeziumEngine.ConnectorCallback() {
                    @Override
                    public void pollingStarted() {
                        polling.countDown();
                    }
                })
                .using((success, message, error) -> {
                    if (!success) {
                        failure = Optional.of(String.valueOf(error == null ? message : error));
                        polling.countDown();
                    }
                })
                .notifying(this::apply)
                .build();
        this.thread = Thread.ofPlatform().daemon().name("bench-value-rows").unstarted(engine);
    }

    /** Returns when it follows the log. */
    static ValueRowCapture start(Cluster cluster, ValueRowTable table) throws IOException, InterruptedException {
        ValueRowCapture capture = new ValueRowCapture(cluster, table);
        capture.thread.start();
        if (!capture.polling.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("Debezium did not start within " + PATIENCE.toSeconds() + " s");
        }
        capture.check();
        return capture;
    }

    private static Properties properties(Cluster cluster) {
        URI server = URI.create(cluster.jdbcUrl(ValueRows.DATABASE).substring("jdbc:".length()));
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("name", "bench"),
                Map.entry("topic.prefix", "bench"),
                Map.entry("connector.class", PostgresConnector.class.getName()),
                Map.entry("offset.storage", MemoryOffsetBackingStore.class.getName()),
                Map.entry("offset.flush.interval.ms", Integer.toString(CONFIRM_MILLIS)),
                Map.entry("database.hostname", server.getHost()),
                Map.entry("database.port", Integer.toString(server.getPort())),
                Map.entry("database.dbname", ValueRows.DATABASE),
                Map.entry("database.user", cluster.user()),
                Map.entry("database.password", cluster.password()),
                Map.entry("plugin.name", "pgoutput"),
                Map.entry("slot.name", "bench_value_rows"),
                Map.entry("slot.drop.on.stop", "true"),
                Map.entry("publication.name", "bench_value_rows"),
                Map.entry("publication.autocreate.mode", "disabled"),
                Map.entry("lsn.flush.mode", "connector"),
                Map.entry("offset.mismatch.strategy", "no_validation"),
                Map.entry("status.update.interval.ms", "1000"),
                Map.entry("heartbeat.interval.ms", "0"),
                Map.entry("table.include.list", "public\\.value_row"),
                Map.entry("snapshot.mode", "no_data"),
                Map.entry("tombstones.on.delete", "false"),
                Map.entry("skipped.operations", "none"),
                Map.entry("decimal.handling.mode", "precise"),
                Map.entry("time.precision.mode", "adaptive"),
                Map.entry("message.prefix.exclude.list", ".*"),
                Map.entry("provide.transaction.metadata", "false"),
                Map.entry("extended.headers.enabled", "false"),
                Map.entry("poll.interval.ms", Integer.toString(POLL_MILLIS)),
                Map.entry("max.batch.size", Integer.toString(BATCH)),
                Map.entry("max.queue.size", Integer.toString(2 * BATCH)),
                Map.entry("max.queue.size.in.bytes", Long.toString(QUEUE_BYTES)),
                Map.entry("errors.max.retries", "0")));
        return properties;
    }

    private void apply(
            List<RecordChangeEvent<SourceRecord>> events,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        List<SourceRecord> records =
                events.stream().map(RecordChangeEvent::record).toList();
        try {
            table.apply(records, records.getLast().sourceOffset().get("lsn") instanceof Long lsn ? lsn : 0);
        } catch (SQLException failed) {
            throw new IllegalStateException("a batch of value rows was not applied", failed);
        }
        applied.addAndGet(records.size());
        committer.markProcessed(events.getLast());
        committer.markBatchFinished();
    }

    /** Rows that are durable in the columnar table. */
    long applied() {
        return applied.get();
    }

    /** Waits until so many rows have been applied since the start. */
    void awaitApplied(long rows, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (applied.get() < rows) {
            check();
            if (System.nanoTime() > end) {
                throw new IOException("%,d of %,d value rows were captured in time".formatted(applied.get(), rows));
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void check() throws IOException {
        if (failure.isPresent()) {
            throw new IOException("capture of value rows failed: " + failure.get());
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        engine.close();
        thread.join(PATIENCE);
    }
}
