package com.atlasco.atlas.bench.freshness;

/**
 * Something that goes wrong for a while, and what has to be true meanwhile beside the bounds.
 *
 * @param source whose bound shows that it bit: it has to reach {@code leastMillis}, or to be unknown; empty for none
 * @param primaryServes whether reads that may fall back to the primary are served
 * @param replicaServes whether reads that the replica is fresh enough for are served
 */
record Fault(
        String name,
        Step begin,
        Step end,
        String source,
        long leastMillis,
        boolean primaryServes,
        boolean replicaServes) {

    /** In place of milliseconds, of a fault that fails when it does not bite. */
    static final long BITES_BY_ITSELF = -1;

    /** What is done to the tiers. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
