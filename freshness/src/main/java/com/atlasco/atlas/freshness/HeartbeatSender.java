package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Heartbeat;

/** Writes heartbeats to the primary. Called by one thread at a time. */
@FunctionalInterface
public interface HeartbeatSender {

    /**
     * Commits the node's heartbeat durably and returns it as written.
     *
     * <p>The position must be the log's flushed end, read in the heartbeat's own transaction before it commits. A row
     * must never go back to a smaller sequence, even when a send that was given up on commits late: update only
     * {@code WHERE heartbeat.sequence < excluded.sequence}, and fail when no row was written.
     *
     * <p>Blocks, but no longer than about {@link HeartbeatSettings#sendTimeout}.
     *
     * @throws Exception when it is not known to be committed; it may be committed nevertheless
     */
    Heartbeat send(String nodeId, long sequence) throws Exception;
}
