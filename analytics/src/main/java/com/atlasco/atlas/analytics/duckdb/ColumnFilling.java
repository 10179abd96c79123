package com.atlasco.atlas.analytics.duckdb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fills the columns of promotions that are being built from the maps, and empties those that were given up. For the writer
 * thread.
 *
 * <p>A step takes a range of row numbers, from the end of the table to its beginning. A checkpoint closes the gaps that
 * deleted rows leave, so rows may move between two steps, but only towards the beginning and never past one another: what
 * lies before the ranges that are done is all that is left. Rows that are added at the end carry the value already. After a
 * crash it begins again at the end.
 */
final class ColumnFilling implements UpkeepTask {

    /** Four row groups: takes some 100 to 300 ms, whatever the size of the table (docs/decisions/0021). */
    static final int STEP_ROWS = 4 * 122_880;

    /** A checkpoint of five million texts takes seconds; one of a million at a time lets batches through. */
    private static final int STEPS_PER_CHECKPOINT = 2;

    private final Connection connection;
    private final BatchWriter writer;
    private final Checkpoints checkpoints;
    private final int stepRows;
    private Optional<Place> place = Optional.empty();
    private int stepsInLog;

    /** How far a promotion's column is: rows before this number are left. */
    private record Place(Promotion promotion, long before) {}

    ColumnFilling(Connection connection, BatchWriter writer, Checkpoints checkpoints, int stepRows) {
        this.connection = connection;
        this.writer = writer;
        this.checkpoints = checkpoints;
        this.stepRows = stepRows;
    }

    @Override
    public String name() {
        return "Filling columns";
    }

    @Override
    public boolean isDue() {
        return next().isPresent();
    }

    @Override
    public void step() throws SQLException {
        Optional<Promotion> found = next();
        if (found.isEmpty()) {
            return;
        }
        if (stepsInLog >= STEPS_PER_CHECKPOINT) {
            stepsInLog = 0;
            checkpoints.run();
            return;
        }
        Promotion promotion = found.get();
        AtomicLong filled = new AtomicLong();
        writer.movingSlots(false, () -> {
            Optional<Place> reached = place.filter(known -> known.promotion().equals(promotion));
            long before = reached.isPresent() ? reached.get().before() : end();
            filled.set(Math.max(0, before - stepRows));
            update(promotion, filled.get(), before);
        });
        // Only now: what was not committed has to be filled again.
        place = Optional.of(new Place(promotion, filled.get()));
        stepsInLog++;
        if (place.filter(reached -> reached.before() > 0).isPresent()) {
            return;
        }
        place = Optional.empty();
        // Another transaction: queries that run at this moment are repeated for the news alone, not for the rows.
        switch (promotion.stage()) {
            case BUILDING -> writer.movingSlots(true, () -> writer.promoted().complete(promotion));
            case LEAVING -> writer.movingSlots(false, () -> writer.promoted().remove(promotion));
            case WHOLE -> {}
        }
    }

    /** Columns are emptied first: they may be wanted. */
    private Optional<Promotion> next() {
        return writer.promoted()
                .slots()
                .promotions()
                .filter(promotion -> promotion.stage() != Promotion.Stage.WHOLE)
                .min(Comparator.comparing((Promotion promotion) -> promotion.stage() != Promotion.Stage.LEAVING)
                        .thenComparing(Promotion::since)
                        .thenComparingLong(promotion -> promotion.attribute().tenantId())
                        .thenComparingInt(promotion -> promotion.attribute().attributeId())
                        .thenComparing(promotion -> promotion.slot().column()));
    }

    private long end() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT coalesce(max(rowid) + 1, 0) FROM entity")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void update(Promotion promotion, long from, long to) throws SQLException {
        Slot slot = promotion.slot();
        String column = slot.column();
        String value =
                PropertyColumns.mapEntry(slot.dataType(), promotion.attribute().attributeId());
        String sql = "UPDATE entity SET "
                + (promotion.stage() == Promotion.Stage.LEAVING
                        ? column + " = NULL WHERE " + column + " IS NOT NULL"
                        : column + " = " + value + " WHERE " + column + " IS NULL AND " + value + " IS NOT NULL")
                + " AND tenant_id = ? AND rowid >= ? AND rowid < ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, promotion.attribute().tenantId());
            statement.setLong(2, from);
            statement.setLong(3, to);
            statement.executeUpdate();
        }
    }
}
