package com.atlasco.atlas.analytics.duckdb;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a DuckDB store runs.
 *
 * @param file the database; made when absent, with a {@code .lock} file beside it
 * @param readerThreads how many queries run at once, from 1; more wait
 * @param memoryLimit what DuckDB may use outside the Java heap, as {@code 2GB}
 * @param engineThreads the threads that all queries share inside DuckDB, from 1
 * @param queryTimeout after which a query is cancelled, and how long one waits for its turn; whole seconds, from 1
 * @param checkpointBytes how long the write-ahead log grows before it is folded into the file between two batches; a
 *     longer log means rarer checkpoints and a longer recovery after a crash. A sixty-fourth of it when it is quiet
 * @param history whether every change is also kept in the history table
 * @param retention how long the history is kept at least, in whole days or whatever else is positive; zero for ever
 * @param promotion how attributes are chosen for columns of their own
 */
public record DuckDbSettings(
        Path file,
        int readerThreads,
        String memoryLimit,
        int engineThreads,
        Duration queryTimeout,
        long checkpointBytes,
        boolean history,
        Duration retention,
        PromotionSettings promotion) {

    // A caller whose statement another thread works on spins meanwhile, which costs the writer a tenth of its CPU on
    // two
    // cores; with a thread less, aggregates take up to twice as long.
    private static final int ENGINE_THREADS = Runtime.getRuntime().availableProcessors();

    public DuckDbSettings {
        if (readerThreads < 1 || engineThreads < 1) {
            throw new IllegalArgumentException("a store needs at least one reader thread and one engine thread");
        }
        if (queryTimeout.toSeconds() < 1) {
            throw new IllegalArgumentException("the query timeout is at least one second, not " + queryTimeout);
        }
        if (checkpointBytes < 1) {
            throw new IllegalArgumentException("checkpointBytes is positive, not " + checkpointBytes);
        }
        if (retention.isNegative()) {
            throw new IllegalArgumentException("the retention is not negative, as " + retention + " is");
        }
    }

    /**
     * Four readers, 2 GB, an engine thread for each core, 30 s, a checkpoint every 256 MiB of log, a history that is kept for
     * ever, {@link PromotionSettings#defaults}.
     */
    public static DuckDbSettings of(Path file) {
        return new DuckDbSettings(
                file,
                4,
                "2GB",
                ENGINE_THREADS,
                Duration.ofSeconds(30),
                256L << 20,
                true,
                Duration.ZERO,
                PromotionSettings.defaults());
    }

    public DuckDbSettings withReaderThreads(int threads) {
        return new DuckDbSettings(
                file,
                threads,
                memoryLimit,
                engineThreads,
                queryTimeout,
                checkpointBytes,
                history,
                retention,
                promotion);
    }

    public DuckDbSettings withMemoryLimit(String limit) {
        return new DuckDbSettings(
                file,
                readerThreads,
                limit,
                engineThreads,
                queryTimeout,
                checkpointBytes,
                history,
                retention,
                promotion);
    }

    public DuckDbSettings withEngineThreads(int threads) {
        return new DuckDbSettings(
                file,
                readerThreads,
                memoryLimit,
                threads,
                queryTimeout,
                checkpointBytes,
                history,
                retention,
                promotion);
    }

    public DuckDbSettings withQueryTimeout(Duration timeout) {
        return new DuckDbSettings(
                file,
                readerThreads,
                memoryLimit,
                engineThreads,
                timeout,
                checkpointBytes,
                history,
                retention,
                promotion);
    }

    public DuckDbSettings withCheckpointBytes(long bytes) {
        return new DuckDbSettings(
                file, readerThreads, memoryLimit, engineThreads, queryTimeout, bytes, history, retention, promotion);
    }

    public DuckDbSettings withHistory(boolean kept) {
        return new DuckDbSettings(
                file,
                readerThreads,
                memoryLimit,
                engineThreads,
                queryTimeout,
                checkpointBytes,
                kept,
                retention,
                promotion);
    }

    public DuckDbSettings withRetention(Duration kept) {
        return new DuckDbSettings(
                file,
                readerThreads,
                memoryLimit,
                engineThreads,
                queryTimeout,
                checkpointBytes,
                history,
                kept,
                promotion);
    }

    public DuckDbSettings withPromotion(PromotionSettings chosen) {
        return new DuckDbSettings(
                file,
                readerThreads,
                memoryLimit,
                engineThreads,
                queryTimeout,
                checkpointBytes,
                history,
                retention,
                chosen);
    }
}
