package com.atlasco.atlas.it.capture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Writes a heartbeat every 100 ms and remembers when each was committed. */
final class HeartbeatWriter implements AutoCloseable {

    private static final String BEAT = """
            INSERT INTO heartbeat (node_id, sequence, system_id, timeline, lsn, sent_at)
            SELECT 'test', ?, system_identifier, 1, pg_current_wal_flush_lsn() - '0/0', clock_timestamp()
            FROM pg_control_system()
            ON CONFLICT (node_id) DO UPDATE SET sequence = excluded.sequence, lsn = excluded.lsn,
                sent_at = excluded.sent_at
            """;

    private final Map<Long, Long> committedNanos = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final Connection connection;
    private final ScheduledFuture<?> beats;

    HeartbeatWriter(CaptureSource source) throws SQLException {
        this.connection = source.connect();
        this.beats = executor.scheduleAtFixedRate(this::beat, 0, 100, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try (PreparedStatement statement = connection.prepareStatement(BEAT)) {
            long next = sequence.incrementAndGet();
            statement.setLong(1, next);
            statement.execute();
            committedNanos.put(next, System.nanoTime());
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    Map<Long, Long> committedNanos() {
        return committedNanos;
    }

    @Override
    public void close() throws Exception {
        beats.cancel(false);
        executor.shutdown();
        executor.awaitTermination(5, TimeUnit.SECONDS);
        connection.close();
    }
}
