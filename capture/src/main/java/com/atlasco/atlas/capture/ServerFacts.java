package com.atlasco.atlas.capture;

import com.atlasco.atlas.model.Lsn;
import java.util.Optional;

/**
 * What the primary says about itself and the slot.
 *
 * @param logEnd the flushed end of the log
 * @param slot empty when there is none of the name
 */
record ServerFacts(long systemId, int timeline, Lsn logEnd, Optional<Slot> slot) {

    /**
     * @param usable of this database, and for pgoutput
     * @param lost whether the server removed log that the slot still needed
     * @param confirmed the LSN up to which the server may discard
     */
    record Slot(boolean usable, boolean lost, Lsn confirmed) {}
}
