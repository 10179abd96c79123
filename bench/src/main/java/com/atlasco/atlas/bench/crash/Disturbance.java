package com.atlasco.atlas.bench.crash;

import java.util.Locale;

/** What happens to the tiers while they are written to. */
enum Disturbance {
    /** The JVM is killed while change capture gathers a batch: no commit of the columnar store is under way. */
    KILL_BEFORE_COMMIT,
    /** The JVM is killed as soon as the columnar store writes to its log. */
    KILL_DURING_COMMIT,
    /** The JVM is killed when the columnar store has written its log, and the slot may not have been told. */
    KILL_AFTER_COMMIT,
    /** The JVM and its servers are stopped and started again. */
    RESTART,
    KILL_PRIMARY,
    KILL_REPLICA,
    /** The replica's processes stand still for some seconds. */
    PAUSE_REPLICA,
    /** The server throws away the log that the replication slot needs. */
    LOSE_SLOT,
    /** The replication slot is gone. */
    DROP_SLOT,
    /** Attributes are registered, renamed, retired, restored, and change their flags. */
    CHANGE_REGISTRY,
    RESYNC_EVERYTHING,
    RESYNC_TENANT;

    String figure() {
        return name().toLowerCase(Locale.ROOT);
    }
}
