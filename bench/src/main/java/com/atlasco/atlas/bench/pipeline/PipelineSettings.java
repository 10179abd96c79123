package com.atlasco.atlas.bench.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * What to measure.
 *
 * @param command what starts the command line in a JVM of its own
 * @param rate entities a second; empty to search for the highest that all tiers bear
 * @param length of the long run
 * @param attributes of an entity, from 4
 * @param entities there at the beginning, and as many again in the comparison with a row per value; from 1,000
 */
public record PipelineSettings(
        List<String> command, OptionalInt rate, Duration length, int attributes, int entities, long seed) {

    /** Writes are sent so often in a second, as batches of what has become due. */
    static final int BATCHES_PER_SECOND = 20;

    static final long TENANT = 101;
}
