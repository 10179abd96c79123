package com.atlasco.atlas.bench.freshness;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Tokens that writes and reads of one tenant were given, each with the value that a read which presents it has to show at
 * least. Old ones are kept too, so that they are presented across faults. Thread-safe.
 */
final class Tokens {

    private static final int KEPT = 512;

    private final List<Promise> promises = new ArrayList<>();

    /**
     * What a token stands for.
     *
     * @param origin what it came with: a write, or a read from a source
     */
    record Promise(String token, long value, String origin) {}

    /** The newest take the place of random older ones. */
    synchronized void add(Promise promise, SplittableRandom random) {
        if (promises.size() < KEPT) {
            promises.add(promise);
        } else {
            promises.set(random.nextInt(KEPT), promise);
        }
    }

    synchronized Optional<Promise> any(SplittableRandom random) {
        return promises.isEmpty() ? Optional.empty() : Optional.of(promises.get(random.nextInt(promises.size())));
    }

    /** After a failover, those of another history are of no use to anybody. */
    synchronized void forget(Promise promise) {
        promises.remove(promise);
    }
}
