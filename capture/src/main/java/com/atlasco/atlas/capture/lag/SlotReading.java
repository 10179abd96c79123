package com.atlasco.atlas.capture.lag;

import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the primary said in one answer.
 *
 * @param logEnd the flushed end of the log
 * @param limitBytes {@code max_slot_wal_keep_size}; empty when there is no limit
 * @param slot empty when there is none of the name
 */
record SlotReading(Position logEnd, OptionalLong limitBytes, Optional<Slot> slot) {

    /**
     * The row of pg_replication_slots.
     *
     * @param safeBytes may be negative: at the next checkpoint the slot is lost
     * @param restart from where on the server keeps the log; empty once the slot is invalid
     * @param confirmed up to where the client has everything
     */
    record Slot(
            boolean active,
            Optional<String> walStatus,
            OptionalLong safeBytes,
            Optional<String> invalidationReason,
            Optional<Lsn> restart,
            Optional<Lsn> confirmed) {

        boolean isLost() {
            return walStatus.filter("lost"::equals).isPresent() || invalidationReason.isPresent();
        }
    }
}
