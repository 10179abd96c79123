package com.atlasco.atlas.bench.filter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to measure.
 *
 * @param command what starts the command line in a JVM of its own
 * @param entities from 10,000
 * @param filters in the workload, from 1
 * @param repeat how often each contender is asked each filter, after once that does not count
 * @param only the peers that take part beside Atlas and the wide table; empty for all
 * @param cut after which a peer's statement is ended, and counted with that time
 * @param keep where what was loaded stays, so that the next run need not load it; empty for a temporary directory
 */
public record FilterSettings(
        List<String> command,
        long entities,
        int filters,
        long seed,
        int repeat,
        Set<String> only,
        Duration cut,
        Optional<Path> keep) {

    /** The peers that {@code only} can name. */
    public static final List<String> PEERS = List.of("seed", "jsonb_gin");

    boolean has(String peer) {
        return only.isEmpty() || only.contains(peer);
    }
}
