package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.ChangeBatch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with the file between batches. Each step is queued behind the batches that wait, so that a long task lets
 * them through; a task that fails is left alone for a while. For the writer thread.
 */
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

    private final WriterThread thread;
    private final Checkpoints checkpoints;
    private final List<UpkeepTask> tasks;
    private final Runnable afterStep;
    private final LongSupplier ticker;
    private final Set<UpkeepTask> queued = new HashSet<>();
    private final Map<UpkeepTask, Long> failedAt = new HashMap<>();

    /** @param afterStep runs after each step, and after each batch */
    Upkeep(
            WriterThread thread,
            Checkpoints checkpoints,
            List<UpkeepTask> tasks,
            Runnable afterStep,
            LongSupplier ticker) {
        this.thread = thread;
        this.checkpoints = checkpoints;
        this.tasks = List.copyOf(tasks);
        this.afterStep = afterStep;
        this.ticker = ticker;
    }

    /** What the settings ask for. */
    static Upkeep of(
            DuckDbSettings settings,
            DuckDBConnection connection,
            WriterThread thread,
            BatchWriter writer,
            AutomaticPromotion promotion,
            InstantSource clock,
            LongSupplier ticker) {
        Checkpoints checkpoints = new Checkpoints(connection, settings);
        List<UpkeepTask> tasks = new ArrayList<>();
        tasks.add(promotion);
        tasks.add(new ColumnFilling(connection, writer, checkpoints, ColumnFilling.STEP_ROWS));
        if (settings.history() && settings.retention().isPositive()) {
            tasks.add(new HistoryRetention(
                    connection, writer, settings.retention(), HistoryRetention.STEP_ROWS, clock, ticker));
        }
        return new Upkeep(thread, checkpoints, tasks, promotion::refresh, ticker);
    }

    /** A batch is applied. */
    void after(ChangeBatch batch) {
        afterStep.run();
        if (checkpoints.isDueAfter(batch)) {
            thread.runLater(checkpoints::run);
        }
        queueDue();
    }

    private void queueDue() {
        for (UpkeepTask task : tasks) {
            if (!queued.contains(task) && mayRun(task) && task.isDue()) {
                queued.add(task);
                thread.runLater(() -> run(task));
            }
        }
    }

    private boolean mayRun(UpkeepTask task) {
        Long failed = failedAt.get(task);
        return failed == null || ticker.getAsLong() - failed >= PAUSE_AFTER_FAILURE.toNanos();
    }

    private void run(UpkeepTask task) {
        queued.remove(task);
        try {
            if (task.isDue()) {
                task.step();
            }
            failedAt.remove(task);
        } catch (SQLException | RuntimeException failure) {
            failedAt.put(task, ticker.getAsLong());
            LOG.warn("{} failed, and is tried again in {} s", task.name(), PAUSE_AFTER_FAILURE.toSeconds(), failure);
        }
        afterStep.run();
        queueDue();
    }
}
