package com.atlasco.atlas.bench.freshness;

import java.util.Optional;

/**
 * Something that goes wrong for a while, and what has to be true meanwhile beside the bounds.
 *
 * @param source whose bound shows that it bit: it has to reach {@code leastMillis}, or to be unknown; empty for none
 * @param primaryServes whether reads that may fall back to the primary are served
 * @param replicaServes whether reads that the replica is fresh enough for are served
 * @param evidence of another kind, in place of the bound
 */
record Fault(
        String name,
        Step begin,
        Step end,
        String source,
        long leastMillis,
        boolean primaryServes,
        boolean replicaServes,
        Optional<Evidence> evidence) {

    /** In place of milliseconds, of a fault that fails when it does not bite. */
    static final long BITES_BY_ITSELF = -1;

    /** One that the bound of the source gives away. */
    Fault(
            String name,
            Step begin,
            Step end,
            String source,
            long leastMillis,
            boolean primaryServes,
            boolean replicaServes) {
        this(name, begin, end, source, leastMillis, primaryServes, replicaServes, Optional.empty());
    }

    /** What is done to the tiers. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /** Looked for just before the fault ends. */
    @FunctionalInterface
    interface Evidence {
        boolean found() throws Exception;
    }
}
