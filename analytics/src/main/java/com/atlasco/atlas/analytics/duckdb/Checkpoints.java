package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.ChangeBatch;
import java.io.File;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds the write-ahead log into the file between batches. For the writer thread. */
final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    /**
     * After so many batches without a change, seconds of them, a shorter log is folded in too: what lies in it is not
     * compressed in memory either, and takes queries longer.
     */
    private static final int QUIET_BATCHES = 40;

    private static final int QUIET_SHARE = 64;

    private final DuckDBConnection connection;
    private final File log;
    private final long longest;
    private int quiet;

    Checkpoints(DuckDBConnection connection, DuckDbSettings settings) {
        this.connection = connection;
        this.log = new File(settings.file().toAbsolutePath() + ".wal");
        this.longest = settings.checkpointBytes();
    }

    /** Whether the log is to be folded in, now that this batch is applied. */
    boolean isDueAfter(ChangeBatch batch) {
        quiet = batch.changes().isEmpty() ? quiet + 1 : 0;
        return log.length() >= (quiet < QUIET_BATCHES ? longest : longest / QUIET_SHARE);
    }

    /** One that fails is tried again after a later batch. */
    void run() {
        quiet = 0;
        long begun = System.nanoTime();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("CHECKPOINT");
            LOG.debug("Checkpoint in {} ms", (System.nanoTime() - begun) / 1_000_000);
        } catch (SQLException failure) {
            LOG.warn("The checkpoint failed and is tried again after a later batch", failure);
        }
    }
}
