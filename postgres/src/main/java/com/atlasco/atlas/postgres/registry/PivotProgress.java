package com.atlasco.atlas.postgres.registry;

import java.time.Instant;

/**
 * How far a background job has come with one attribute of the pivot.
 *
 * @param rowsDone entities looked at when filling, rows removed when emptying
 * @param rowsTotal an estimate from when the job began; at least {@code rowsDone}
 * @param startedAt by the clock of the database
 */
public record PivotProgress(long rowsDone, long rowsTotal, Instant startedAt) {}
