package com.atlasco.atlas.bench.freshness;

/**
 * A counter: one attribute of one entity, which one writer increases.
 *
 * @param tenant it belongs to
 * @param number among those of its tenant, from 1: the entity's id
 * @param log what was written to it
 * @param tokens that were given for it
 */
record Subject(long tenant, long number, AckLog log, Tokens tokens) {

    static final long FIRST_TENANT = 501;

    /** A new one; they are dealt out among the tenants in turn. */
    static Subject of(int index, int tenants) {
        return new Subject(FIRST_TENANT + index % tenants, index / tenants + 1L, new AckLog(), new Tokens());
    }

    String attribute() {
        return "counter_" + number;
    }
}
