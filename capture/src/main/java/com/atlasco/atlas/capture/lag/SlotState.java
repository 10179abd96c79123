package com.atlasco.atlas.capture.lag;

import java.util.Locale;

/** What a replication slot is at one moment. Every state may follow on every other. */
public enum SlotState {
    /** A client reads from it. */
    STREAMING,
    /** It is there and keeps the log, and nobody reads from it. */
    INACTIVE,
    /** The server removed log that it still needed, or invalidated it for another reason: it cannot be read again. */
    LOST,
    /** The server has no slot of that name. */
    MISSING,
    /** The server has not been asked yet, or did not answer. */
    UNKNOWN;

    /** In the API's lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
