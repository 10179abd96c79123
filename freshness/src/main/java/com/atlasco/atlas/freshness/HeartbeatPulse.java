package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Heartbeat;
import java.util.function.LongSupplier;

/** The steps of sending one heartbeat, without a thread. Used by one thread. */
final class HeartbeatPulse {

    private final HeartbeatLog log;
    private final PrimaryMonitor primary;
    private final LongSupplier ticker;

    HeartbeatPulse(HeartbeatLog log, PrimaryMonitor primary, LongSupplier ticker) {
        this.log = log;
        this.primary = primary;
        this.ticker = ticker;
    }

    /** A heartbeat under way. */
    record Beat(long sequence, long moment) {}

    /** Notes the moment; the statement must be issued after this returns. */
    Beat begin() {
        long moment = ticker.getAsLong();
        return new Beat(log.next(moment), moment);
    }

    void succeeded(Beat beat, Heartbeat written) {
        if (written.sequence() == beat.sequence() && written.nodeId().equals(log.nodeId())) {
            primary.heartbeatSucceeded(written, beat.moment());
        } else {
            primary.heartbeatFailed("another heartbeat than the one sent was written: " + written);
        }
    }

    void failed(String why) {
        primary.heartbeatFailed(why);
    }
}
