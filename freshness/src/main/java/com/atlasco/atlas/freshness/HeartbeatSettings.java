package com.atlasco.atlas.freshness;

import java.time.Duration;

/**
 * How heartbeats are sent.
 *
 * @param interval from one heartbeat to the next
 * @param minimumInterval the same when somebody waits for one
 * @param sendTimeout how long a sender should try before it gives up
 * @param unreachableAfter without a success for so long, the primary counts as unreachable
 * @param failuresUntilUnreachable after so many failures in a row, too
 * @param remembered how many heartbeats' moments are kept; an hour's worth at the default interval
 */
public record HeartbeatSettings(
        Duration interval,
        Duration minimumInterval,
        Duration sendTimeout,
        Duration unreachableAfter,
        int failuresUntilUnreachable,
        int remembered) {

    public HeartbeatSettings {
        Settings.requirePositive("interval", interval);
        Settings.requirePositive("minimumInterval", minimumInterval);
        Settings.requirePositive("sendTimeout", sendTimeout);
        Settings.requirePositive("unreachableAfter", unreachableAfter);
        Settings.requirePositive("failuresUntilUnreachable", failuresUntilUnreachable);
        Settings.requirePositive("remembered", remembered);
    }

    public static HeartbeatSettings defaults() {
        return new HeartbeatSettings(
                Duration.ofMillis(50), Duration.ofMillis(10), Duration.ofSeconds(2), Duration.ofSeconds(3), 3, 72_000);
    }
}
