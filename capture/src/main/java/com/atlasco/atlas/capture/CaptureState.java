package com.atlasco.atlas.capture;

/**
 * What the pipeline does.
 *
 * <pre>
 * STARTING ─▶ SNAPSHOT ─▶ STREAMING
 *    ▲ │         │            │
 *    │ └─────────┴─▶ FAILED ◀─┘      FAILED ─▶ STARTING after the backoff
 *    └────────────────┘              every state ─▶ STOPPED on close
 * STARTING ─▶ REFUSED ─▶ STARTING after the backoff, or when a snapshot is ordered
 * </pre>
 */
public enum CaptureState {
    /** Checks the slot against the store and starts the engine. */
    STARTING,
    /** Follows the log, and copies the rows that exist into a store that must not be read yet. */
    SNAPSHOT,
    /** Follows the log. */
    STREAMING,
    /** Lost the server, or could not apply; tries again by itself after a backoff. */
    FAILED,
    /** Does not start without somebody's word; looks again after a backoff. */
    REFUSED,
    /** Closed. */
    STOPPED
}
