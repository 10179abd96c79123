package com.atlasco.atlas.freshness;

import java.time.Duration;

/**
 * How a source is watched.
 *
 * @param probeInterval from one probe to the next
 * @param probeTimeout how long a probe should try; a source that has not answered for so long counts as unreachable
 * @param failuresUntilUnreachable after so many failed probes in a row, too
 * @param laggingAfter a bound from which the source counts as lagging; it recovers below four fifths of it
 */
public record MonitorSettings(
        Duration probeInterval, Duration probeTimeout, int failuresUntilUnreachable, Duration laggingAfter) {

    public MonitorSettings {
        Settings.requirePositive("probeInterval", probeInterval);
        Settings.requirePositive("probeTimeout", probeTimeout);
        Settings.requirePositive("failuresUntilUnreachable", failuresUntilUnreachable);
        Settings.requirePositive("laggingAfter", laggingAfter);
    }

    public static MonitorSettings forReplica() {
        return new MonitorSettings(Duration.ofMillis(25), Duration.ofSeconds(1), 3, Duration.ofSeconds(5));
    }

    public static MonitorSettings forOlap() {
        return new MonitorSettings(Duration.ofMillis(50), Duration.ofSeconds(2), 3, Duration.ofMinutes(5));
    }
}
