package com.atlasco.atlas.freshness;

import java.time.Duration;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which of several replicas serves a read: of those that suffice and are about as fresh as the freshest, the one with the
 * least work under way, and among equals each in its turn.
 *
 * <p>One that is notably staler than another has something to catch up with, or is about to fail; so it is left alone, although
 * it would do. The work is counted here, where it is begun and ended, so the least of all is known exactly: choosing between
 * two at random is for those who have to ask. Thread-safe.
 */
final class Replicas {

    /** Bounds swing by a heartbeat and a probe, and as much again on a busy node. */
    static final Duration SAME_AGE = Duration.ofMillis(500);

    private final List<MonitoredSource> all;
    private final IdentityHashMap<MonitoredSource, AtomicInteger> underWay = new IdentityHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    Replicas(List<MonitoredSource> all) {
        this.all = List.copyOf(all);
        all.forEach(replica -> underWay.put(replica, new AtomicInteger()));
    }

    List<MonitoredSource> all() {
        return all;
    }

    /** A read was sent there; of what is no replica nothing is kept. */
    void begun(MonitoredSource replica) {
        AtomicInteger reads = underWay.get(replica);
        if (reads != null) {
            reads.incrementAndGet();
        }
    }

    void ended(MonitoredSource replica) {
        AtomicInteger reads = underWay.get(replica);
        if (reads != null) {
            reads.decrementAndGet();
        }
    }

    private int underWay(MonitoredSource source) {
        AtomicInteger reads = underWay.get(source);
        return reads == null ? 0 : reads.get();
    }

    /** One of those that suffice, of which there is at least one. */
    Assessment choose(List<Assessment> sufficient) {
        if (sufficient.size() == 1) {
            return sufficient.getFirst();
        }
        long limit =
                sufficient.stream().mapToLong(Assessment::boundMillis).min().orElseThrow() + SAME_AGE.toMillis();
        int first = Math.floorMod(turn.getAndIncrement(), sufficient.size());
        Assessment chosen = sufficient.getFirst();
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < sufficient.size(); i++) {
            Assessment candidate = sufficient.get((first + i) % sufficient.size());
            int reads = underWay(candidate.source());
            if (candidate.boundMillis() <= limit && reads < least) {
                chosen = candidate;
                least = reads;
            }
        }
        return chosen;
    }

    /** Of those that do not suffice, the one that is to be waited for, or whose shortfall is to be told. */
    static Assessment nearest(List<Assessment> insufficient) {
        return insufficient.stream()
                .max(Comparator.comparing(Assessment::promising)
                        .thenComparing(assessment -> assessment.shortfall().orElseThrow())
                        .thenComparing(Comparator.comparingLong(Assessment::boundMillis)
                                .reversed()))
                .orElseThrow();
    }
}
