package com.atlasco.atlas.freshness.cache;

import com.atlasco.atlas.freshness.SourceStatus.Contained;
import com.atlasco.atlas.model.Position;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the changes have come that this node is told of. Immutable.
 *
 * @param run which uninterrupted run of changes it is; {@link #NONE} while there is none
 * @param floor the newest heartbeat that had been given out when the run began: a source that contains a later one contains
 *     whatever the node was not told of before
 * @param contained the newest heartbeat that the run has passed
 * @param position up to where it has told of all changes
 * @param generation changes when every copy had to be dropped
 */
record ChangeStream(
        long run,
        long floor,
        Optional<Contained> contained,
        Optional<Position> position,
        long generation,
        Instant since,
        String why) {

    static final long NONE = 0;

    boolean isFollowed() {
        return run != NONE;
    }
}
