package com.atlasco.atlas.bench.aggregate;

import java.time.Duration;
import java.util.List;

/**
 * What to measure.
 *
 * @param command what starts the command line in a JVM of its own
 * @param entities from 10,000
 * @param repeat how often each contender is asked each aggregate, after once that does not count
 * @param cut after which the classic SQL is ended, and counted with that time
 * @param seed whether the classic SQL takes part
 */
public record AggregateSettings(
        List<String> command, long entities, long randomSeed, int repeat, Duration cut, boolean seed) {}
