package com.atlasco.atlas.analytics.duckdb;

import java.sql.SQLException;

/** Work on the file that goes on between batches, a step at a time. For the writer thread. */
interface UpkeepTask {

    /** Its name in the log. */
    String name();

    /** Whether there is a step to take now. Asked after every batch and every step. */
    boolean isDue();

    /** Takes a step, which holds batches up for as long as it takes: well below a second. */
    void step() throws SQLException;
}
