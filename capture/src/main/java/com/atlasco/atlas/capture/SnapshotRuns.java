package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import java.util.Optional;
import java.util.function.Function;

/** The one snapshot that may be read at a time. Thread-safe. */
final class SnapshotRuns {

    private final Function<SnapshotState, SnapshotRun> creation;
    private Optional<SnapshotRun> current = Optional.empty();
    private boolean closed;

    SnapshotRuns(Function<SnapshotState, SnapshotRun> creation) {
        this.creation = creation;
    }

    synchronized Optional<SnapshotRun> current() {
        return current;
    }

    synchronized void start(SnapshotState state) {
        if (!closed) {
            SnapshotRun run = creation.apply(state);
            current = Optional.of(run);
            run.start();
        }
    }

    /** The current one is complete. */
    synchronized void ended() {
        current.ifPresent(SnapshotRun::end);
        current = Optional.empty();
    }

    /** Stops what is read; what has been read is in the store. */
    void close() throws InterruptedException {
        Optional<SnapshotRun> last;
        synchronized (this) {
            closed = true;
            last = current;
            current = Optional.empty();
        }
        if (last.isPresent()) {
            last.get().stop();
        }
    }
}
