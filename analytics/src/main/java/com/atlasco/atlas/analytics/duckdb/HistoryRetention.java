package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what the history need not know any more: rows at or before a limit that a newer one, at or before it too, takes the
 * place of. What is left tells every state from the limit on. First the history is said to begin at the limit, then rows are
 * removed, a share of the entities at a time; one that was begun and not ended is begun again. For the writer thread.
 */
final class HistoryRetention implements UpkeepTask {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryRetention.class);

    /** A step looks at about so many old rows. */
    static final int STEP_ROWS = 1_000_000;

    /** The order of a row as one number. */
    private static final String PLACE =
            "(CAST(commit_lsn AS UHUGEINT) * 18446744073709551616 + CAST(commit_ordinal AS UHUGEINT))";

    private static final Duration MOST_SELDOM = Duration.ofDays(1);
    private static final int PASSES = 100;

    private final Connection connection;
    private final BatchWriter writer;
    private final Duration retention;
    private final int stepRows;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private Optional<Pass> pass = Optional.empty();
    private boolean first = true;
    private long begunAt;

    /** Goes through all entities: those of one share after another. */
    private record Pass(Instant limit, long shares, long share) {}

    HistoryRetention(
            Connection connection,
            BatchWriter writer,
            Duration retention,
            int stepRows,
            InstantSource clock,
            LongSupplier ticker) {
        this.connection = connection;
        this.writer = writer;
        this.retention = retention;
        this.stepRows = stepRows;
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public String name() {
        return "Removing old history";
    }

    /** Passes are begun each hundredth of the retention, a day at most: each looks at everything that is kept from before. */
    @Override
    public boolean isDue() {
        Duration pause = retention.dividedBy(PASSES);
        return pass.isPresent()
                || first
                || ticker.getAsLong() - begunAt >= (pause.compareTo(MOST_SELDOM) < 0 ? pause : MOST_SELDOM).toNanos();
    }

    @Override
    public void step() throws SQLException {
        if (pass.isEmpty()) {
            first = false;
            begunAt = ticker.getAsLong();
            pass = begin(clock.instant().minus(retention));
            return;
        }
        Pass now = pass.get();
        writer.movingSlots(false, () -> remove(now));
        pass = now.share() + 1 < now.shares()
                ? Optional.of(new Pass(now.limit(), now.shares(), now.share() + 1))
                : Optional.empty();
    }

    /** Moves the beginning of what is known; empty when nothing is old enough. */
    private Optional<Pass> begin(Instant limit) throws SQLException {
        long old = count(limit);
        if (old == 0 || !isKnown()) {
            return Optional.empty();
        }
        writer.movingSlots(false, () -> {
            try (PreparedStatement statement = connection.prepareStatement("""
                    UPDATE history_start
                    SET begins_at = make_timestamp(CAST(? AS BIGINT))
                    WHERE begins_at < make_timestamp(CAST(? AS BIGINT))
                    """)) {
                statement.setLong(1, micros(limit));
                statement.setLong(2, micros(limit));
                statement.executeUpdate();
            }
        });
        long shares = (old + stepRows - 1) / stepRows;
        LOG.debug("The history is looked through for what is of no use after {}: {} rows", limit, old);
        return Optional.of(new Pass(limit, shares, 0));
    }

    private boolean isKnown() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM history_start")) {
            rows.next();
            return rows.getLong(1) > 0;
        }
    }

    private long count(Instant limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT count(*) FROM history WHERE committed_at <= make_timestamp(CAST(? AS BIGINT))")) {
            statement.setLong(1, micros(limit));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /**
     * Commits that lie in the log the other way round than their times: of a deleted entity everything before the deletion in
     * the log goes with it, whatever its time, so that it does not come to life.
     */
    private void remove(Pass now) throws SQLException {
        execute("""
                CREATE OR REPLACE TEMP TABLE old_history AS
                SELECT tenant_id, entity_id, attribute_id, max(%1$s) AS newest,
                    max(%1$s) FILTER (attribute_id IS NULL AND removed) AS deleted
                FROM history
                WHERE committed_at <= make_timestamp(CAST(%2$d AS BIGINT))
                    AND hash(tenant_id, entity_id) %% %3$d = %4$d
                GROUP BY tenant_id, entity_id, attribute_id
                """.formatted(PLACE, micros(now.limit()), now.shares(), now.share()));
        long removed = execute("""
                DELETE FROM history USING old_history
                WHERE history.tenant_id = old_history.tenant_id AND history.entity_id = old_history.entity_id
                    AND coalesce(history.attribute_id, 0) = coalesce(old_history.attribute_id, 0)
                    AND committed_at <= make_timestamp(CAST(%2$d AS BIGINT)) AND %1$s < newest
                """.formatted(PLACE, micros(now.limit())));
        // Without a deletion the whole history is not looked through.
        removed += execute("""
                DELETE FROM history USING old_history
                WHERE history.tenant_id = old_history.tenant_id AND history.entity_id = old_history.entity_id
                    AND deleted IS NOT NULL AND %1$s <= deleted
                """.formatted(PLACE));
        execute("DROP TABLE old_history");
        if (removed > 0) {
            LOG.info("{} rows of the history from before {} removed", removed, now.limit());
        }
    }

    private long execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeLargeUpdate(sql);
        }
    }

    private static long micros(Instant instant) {
        return Value.TimestampValue.of(instant).epochMicros();
    }
}
