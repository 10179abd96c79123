package com.atlasco.atlas.bench.crash;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Sees from the size of the columnar store's log when it commits. DuckDB writes that file at a commit, and empties it at
 * a checkpoint. Looks without a pause, since a commit takes a few milliseconds.
 */
final class CommitWatch {

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path log;

    CommitWatch(Path log) {
        this.log = log;
    }

    /** Returns at once when the log grows. */
    void awaitGrowth() {
        long before = log.toFile().length();
        for (long begun = System.nanoTime(); System.nanoTime() - begun < PATIENCE_NANOS; Thread.onSpinWait()) {
            long now = log.toFile().length();
            if (now > before) {
                return;
            }
            before = now;
        }
    }

    /** Returns when the log has not changed for some milliseconds. */
    void awaitQuiet() {
        long size = log.toFile().length();
        long since = System.nanoTime();
        for (long begun = since; System.nanoTime() - begun < PATIENCE_NANOS; Thread.onSpinWait()) {
            long now = log.toFile().length();
            if (now != size) {
                size = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > QUIET_NANOS) {
                return;
            }
        }
    }
}
