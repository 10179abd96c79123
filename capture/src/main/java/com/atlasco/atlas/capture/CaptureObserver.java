package com.atlasco.atlas.capture;

/**
 * Is told what capture does, on capture's own threads: be quick, and do not throw. All methods do nothing by default.
 */
public interface CaptureObserver {

    /** After a batch became durable, in order. */
    default void batchApplied(AppliedBatch batch) {}

    /** After the state changed. */
    default void stateChanged(CaptureStatus status) {}

    static CaptureObserver none() {
        return new CaptureObserver() {};
    }
}
