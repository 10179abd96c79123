package com.atlasco.atlas.bench.growth;

import com.atlasco.atlas.bench.cluster.CpuSeconds;
import com.atlasco.atlas.bench.filter.AtlasWorkload;

/**
 * What was measured when so many entities were there.
 *
 * @param entitiesPerSecond median over the last {@link GrowthBench#WINDOW} entities
 * @param cpuPerThousand seconds of the cores for 1,000 of them, also medians
 * @param filters of the workload of {@code bench filter}
 * @param documentBytes of the table of entities with its indexes
 * @param pivotBytes of the pivot's rows
 * @param pivotIndexBytes of its indexes
 * @param databaseBytes of everything
 */
record Stage(
        long entities,
        double entitiesPerSecond,
        CpuSeconds cpuPerThousand,
        double readMillis,
        double filterMillis,
        AtlasWorkload.Outcome filters,
        long documentBytes,
        long pivotBytes,
        long pivotIndexBytes,
        long databaseBytes,
        double secondsSinceStart) {}
