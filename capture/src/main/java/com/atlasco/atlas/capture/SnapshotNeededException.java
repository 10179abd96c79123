package com.atlasco.atlas.capture;

/** The store can only be made right again by a snapshot; the message says why. */
final class SnapshotNeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SnapshotNeededException(String message) {
        super(message);
    }
}
