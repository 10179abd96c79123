package com.atlasco.atlas.bench.ingest;

import com.atlasco.atlas.bench.cluster.TierSet;
import java.util.List;
import java.util.Set;

/**
 * What to measure, and how much of it.
 *
 * @param command what starts the command line in a JVM of its own
 * @param entities in a turn, from 1,000; turns of single writes and reads follow from it
 * @param attributes of an entity, from 1
 * @param tenants that the entities are spread over, from 1
 * @param tiers each measured on servers of its own, one after another
 * @param only the names of the contestants that take part; all when it is empty
 * @param repeat turns of each contestant that count, from 1
 */
public record IngestSettings(
        List<String> command,
        int entities,
        int attributes,
        int tenants,
        List<TierSet> tiers,
        Set<String> only,
        long seed,
        int repeat) {

    /** Everybody who can take part, in the order of the table. */
    public static final List<String> CONTESTANTS = List.of(
            "atlas_batch",
            "limit",
            "seed",
            "jsonb_gin",
            "atlas_single",
            "per_request_commit",
            "atlas_single_at_5000",
            "read_realtime",
            "read_operational",
            "prepared_select");

    /** Those that are Atlas over HTTP. */
    private static final List<String> ATLAS =
            List.of("atlas_batch", "atlas_single", "atlas_single_at_5000", "read_realtime", "read_operational");

    boolean atlasTakesPart() {
        return ATLAS.stream().anyMatch(this::has);
    }

    boolean has(String contestant) {
        return only.isEmpty() || only.contains(contestant);
    }
}
