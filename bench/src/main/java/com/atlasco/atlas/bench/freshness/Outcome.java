package com.atlasco.atlas.bench.freshness;

import java.util.Optional;

/**
 * What came of one fault, once or several times.
 *
 * @param bit whether it did what it was to do, each time
 * @param worstMillis the greatest bound of the source concerned; empty when it was unknown at some moment
 * @param alwaysServed the reads that the primary could have served
 * @param byReplica the reads that the replica could have served
 * @param healthyAfterMillis at most, from the fault's end until every source was healthy
 */
record Outcome(
        Fault fault,
        boolean bit,
        long reads,
        long violations,
        long refused,
        Optional<Long> worstMillis,
        Share alwaysServed,
        Share byReplica,
        long healthyAfterMillis) {

    /** How many were done of those that were asked. */
    record Share(long done, long asked) {

        Optional<Double> ratio() {
            return asked == 0 ? Optional.empty() : Optional.of((double) done / asked);
        }

        Share plus(Share other) {
            return new Share(done + other.done, asked + other.asked);
        }
    }

    static Outcome of(
            Fault fault, boolean bit, Optional<Long> worstMillis, Phase during, Phase after, long healthyAfter) {
        return new Outcome(
                fault,
                bit,
                during.reads(),
                during.violations() + after.violations(),
                during.refused.sum(),
                worstMillis,
                new Share(during.alwaysServedDone.sum(), during.alwaysServedAsked.sum()),
                new Share(during.byReplicaDone.sum(), during.byReplicaAsked.sum()),
                healthyAfter);
    }

    /** Both times together. */
    Outcome plus(Outcome again) {
        return new Outcome(
                fault,
                bit && again.bit,
                reads + again.reads,
                violations + again.violations,
                refused + again.refused,
                worstMillis.flatMap(one -> again.worstMillis.map(other -> Math.max(one, other))),
                alwaysServed.plus(again.alwaysServed),
                byReplica.plus(again.byReplica),
                Math.max(healthyAfterMillis, again.healthyAfterMillis));
    }

    /** Whether the bound of its source gives it away. */
    static boolean isInBound(Fault fault, Optional<Long> worstMillis) {
        return fault.leastMillis() == Fault.BITES_BY_ITSELF
                || worstMillis
                        .map(worst -> fault.leastMillis() > 0 && worst >= fault.leastMillis())
                        .orElse(true);
    }

    /** The share of the reads that had to be served which were; empty when there was none. */
    Optional<Double> served() {
        if (fault.primaryServes()) {
            return alwaysServed.ratio();
        }
        return fault.replicaServes() ? byReplica.ratio() : Optional.empty();
    }

    /** A few reads may fall into the moment in which a fault begins. */
    boolean lively() {
        return served().filter(share -> share < 0.97).isEmpty();
    }
}
