package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.Change;
import java.util.List;

/**
 * Is told what capture does, on capture's own threads: be quick, and do not throw. All methods do nothing by default.
 */
public interface CaptureObserver {

    /** After a batch became durable, in order. */
    default void batchApplied(AppliedBatch batch) {}

    /** The changes of a batch that became durable, in order; before {@link #batchApplied}. */
    default void changesApplied(List<Change> changes) {}

    /** After the state changed. */
    default void stateChanged(CaptureStatus status) {}

    static CaptureObserver none() {
        return new CaptureObserver() {};
    }
}
