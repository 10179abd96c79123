package com.atlasco.atlas.analytics.duckdb;

import java.time.Instant;

/**
 * A column of the entity table that holds an attribute's values: a row of {@code promoted}. The registry asks for it, or the
 * store chose it itself. A promotion is BUILDING until all rows have their values, WHOLE until it is given up, and LEAVING
 * until none has one. Rows that are written carry the value in the first two stages; queries read the column in the second
 * alone.
 *
 * @param since when the attribute was promoted
 */
record Promotion(AttributeKey attribute, Slot slot, By by, Stage stage, Instant since) {

    /** Who wants it. */
    enum By {
        REGISTRY,
        AUTOMATIC
    }

    /** What may be done with it. */
    enum Stage {
        BUILDING,
        WHOLE,
        LEAVING
    }

    boolean isAutomatic() {
        return by == By.AUTOMATIC;
    }

    Promotion wantedBy(By other) {
        return new Promotion(attribute, slot, other, stage, since);
    }

    Promotion at(Stage next) {
        return new Promotion(attribute, slot, by, next, since);
    }
}
