package com.atlasco.atlas.capture;

/**
 * What the pipeline does.
 *
 * <pre>
 * STARTING ─▶ SNAPSHOT ─▶ STREAMING
 *    ▲ │         │            │
 *    │ └─────────┴─▶ FAILED ◀─┘      FAILED ─▶ STARTING after the backoff
 *    └────────────────┘              every state ─▶ STOPPED on close
 * </pre>
 */
public enum CaptureState {
    /** Checks the slot against the store and starts the engine. */
    STARTING,
    /** Copies the rows that exist; the store must not be read yet. */
    SNAPSHOT,
    /** Follows the log. */
    STREAMING,
    /** Lost the server, or could not apply; tries again by itself after a backoff. */
    FAILED,
    /** Closed. */
    STOPPED
}
