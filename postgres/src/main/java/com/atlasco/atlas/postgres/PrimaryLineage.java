package com.atlasco.atlas.postgres;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which server is the primary, by all that the connections of a node have met. After a failover the old primary may still
 * answer, on connections from before or on new ones; timelines grow with every promotion, so one on an older timeline than
 * has been met is the past, and so is a system that was left for another. Thread-safe.
 */
public final class PrimaryLineage {

    private volatile Newest newest = new Newest(0, 0, Set.of());

    /** A timeline of 0: none has been met. */
    private record Newest(long systemId, int timeline, Set<Long> left) {

        private boolean is(Session.Origin origin) {
            return systemId == origin.systemId() && timeline == origin.timeline();
        }
    }

    /** Whether a server is the newest primary that has been met, itself included. A standby never is. */
    boolean admits(Session.Origin origin) {
        return newest.is(origin) || met(origin);
    }

    private synchronized boolean met(Session.Origin origin) {
        Newest known = newest;
        if (origin.isStandby() || known.left.contains(origin.systemId())) {
            return false;
        }
        if (known.timeline == 0) {
            newest = new Newest(origin.systemId(), origin.timeline(), known.left);
            return true;
        }
        if (known.systemId != origin.systemId()) {
            Set<Long> left = Stream.concat(known.left.stream(), Stream.of(known.systemId))
                    .collect(Collectors.toUnmodifiableSet());
            newest = new Newest(origin.systemId(), origin.timeline(), left);
            return true;
        }
        if (known.timeline < origin.timeline()) {
            newest = new Newest(origin.systemId(), origin.timeline(), known.left);
        }
        return known.timeline <= origin.timeline();
    }
}
