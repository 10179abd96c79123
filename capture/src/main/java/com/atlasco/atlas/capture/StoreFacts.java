package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Lsn;
import java.util.Optional;

/**
 * What the analytics store has, before capture begins.
 *
 * @param identity the store's name
 * @param watermark empty for a store that has nothing, or what is worth nothing
 * @param snapshotUnderWay whether chunks of a snapshot are in it that is not complete
 * @param readUntil rows that were read from the primary, past the stream, may hold what was committed up to here
 * @param contradicted what the stream showed that cannot be after what the store has
 */
record StoreFacts(
        String identity,
        Optional<Watermark> watermark,
        boolean snapshotUnderWay,
        Lsn readUntil,
        Optional<String> contradicted) {}
