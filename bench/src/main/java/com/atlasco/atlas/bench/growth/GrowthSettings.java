package com.atlasco.atlas.bench.growth;

import com.atlasco.atlas.bench.cluster.TierSet;
import java.util.ArrayList;
import java.util.List;

/**
 * How far to grow.
 *
 * @param command what starts the command line in a JVM of its own
 * @param max entities at the last stage, from {@link #FIRST_STAGE}
 * @param attributes of an entity, from 4
 */
public record GrowthSettings(List<String> command, TierSet tiers, long max, int attributes, long seed) {

    /** Entities at the first stage; each further stage is four times as large, and the last is {@code max}. */
    public static final long FIRST_STAGE = 500_000;

    List<Long> stages() {
        List<Long> stages = new ArrayList<>();
        for (long stage = FIRST_STAGE; stage < max; stage *= 4) {
            stages.add(stage);
        }
        stages.add(max);
        return stages;
    }
}
