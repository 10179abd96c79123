package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Position;
import java.time.Instant;
import java.util.Optional;

/**
 * How capture stands at one moment. Counts are since the pipeline was created.
 *
 * @param changesApplied changes handed to the store and durable there, without heartbeats and without skipped replays
 * @param replaysSkipped records that came again after a restart and were already in the store
 * @param snapshotRows rows of the newest snapshot that are in the store
 * @param restarts starts of the engine after the first
 * @param position the position of the last applied watermark
 * @param newestHeartbeat the heartbeat last applied; its age is how far the store is behind
 * @param lastBatchAt when the last batch was applied
 * @param failure why the engine last failed; empty once a later batch was applied
 * @param snapshotReason why the newest snapshot was taken; empty when the store's watermark was resumed
 * @param remedy what to do where capture refuses to start by itself; empty otherwise
 * @param snapshot the snapshot that is under way, with how far it is
 */
public record CaptureStatus(
        CaptureState state,
        long changesApplied,
        long replaysSkipped,
        long snapshotRows,
        long restarts,
        Optional<Position> position,
        Optional<Heartbeat> newestHeartbeat,
        Optional<Instant> lastBatchAt,
        Optional<String> failure,
        Optional<String> snapshotReason,
        Optional<String> remedy,
        Optional<SnapshotState> snapshot) {

    static CaptureStatus initial() {
        return new CaptureStatus(
                CaptureState.STARTING,
                0,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
