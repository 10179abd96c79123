package com.atlasco.atlas.analytics.duckdb;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The one thread that writes: DuckDB's appender belongs to the thread that made it. */
final class WriterThread implements AutoCloseable {

    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("duckdb-writer").daemon(true).factory());

    /** Runs the task and waits for its end, whatever interrupts: what was begun is durable or it is not. */
    void run(Callable<?> task) {
        Future<?> future;
        try {
            future = executor.submit(task);
        } catch (RejectedExecutionException closed) {
            throw DuckDbErrors.closed();
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return;
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException known -> throw known;
                case Error error -> throw error;
                case SQLException sql -> throw DuckDbErrors.write(sql);
                case null, default -> throw new IllegalStateException(failure.getCause());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Queues the task behind what runs; nobody waits for it. */
    void runLater(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            // The store is closing, which does what was asked for.
        }
    }

    /** Ends the thread after what is queued. */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
