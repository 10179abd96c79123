package com.atlasco.atlas.server;

import com.atlasco.atlas.analytics.snapshot.SnapshotScope;
import com.atlasco.atlas.capture.CapturePipeline;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import java.util.List;
import java.util.Optional;

/** Makes the analytics store hold what the primary holds. Thread-safe. */
public final class Resync {

    private final Optional<CapturePipeline> capture;

    Resync(Optional<CapturePipeline> capture) {
        this.capture = capture;
    }

    /**
     * Begins to fill it anew; the status tells how far that is.
     *
     * @param tenant only this one's entities; all when empty
     * @param takeOver whether a replication slot may be taken that another store may need
     * @throws com.atlasco.atlas.model.AtlasException {@code resync_conflict} or {@code source_unavailable}
     */
    public void begin(Optional<TenantId> tenant, boolean takeOver) {
        SnapshotScope scope =
                tenant.<SnapshotScope>map(SnapshotScope.OneTenant::new).orElseGet(SnapshotScope.Everything::new);
        uninterrupted(() -> running().resync(scope, takeOver));
    }

    /**
     * Makes single entities what they are on the primary.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code source_unavailable}
     */
    public void refresh(TenantId tenant, List<Long> entityIds) {
        uninterrupted(() -> running().refresh(tenant, entityIds));
    }

    private CapturePipeline running() {
        return capture.orElseThrow(
                () -> Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "this node has no analytics store that could be filled")
                        .asException());
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Work work) {
        try {
            work.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "the node is being stopped")
                    .asException(interrupted);
        }
    }
}
