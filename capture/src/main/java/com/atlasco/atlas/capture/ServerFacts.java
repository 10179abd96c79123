package com.atlasco.atlas.capture;

import com.atlasco.atlas.model.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * What the primary says about itself and the slot.
 *
 * @param logEnd the flushed end of the log
 * @param slot empty when there is none of the name
 * @param ancestors the timelines that the server's came from, the latest first; asked for only when the store knows another
 */
record ServerFacts(long systemId, int timeline, Lsn logEnd, Optional<Slot> slot, List<Ancestor> ancestors) {
    ServerFacts {
        ancestors = List.copyOf(ancestors);
    }

    /**
     * @param usable of this database, and for pgoutput
     * @param lost whether the server removed log that the slot still needed
     * @param confirmed the LSN up to which the server may discard
     * @param owner the store it was made for; empty when nobody noted it
     */
    record Slot(boolean usable, boolean lost, Lsn confirmed, Optional<String> owner) {}

    /**
     * A timeline that ended.
     *
     * @param end where the next one branched off
     */
    record Ancestor(int timeline, Lsn end) {}

    /** Where the timeline ended, when the server's own came from it. */
    Optional<Lsn> endOf(int ancestor) {
        return ancestors.stream()
                .filter(known -> known.timeline() == ancestor)
                .map(Ancestor::end)
                .findFirst();
    }
}
