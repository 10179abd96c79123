package com.atlasco.atlas.freshness;

import java.time.Duration;

/**
 * How reads are routed.
 *
 * @param maxWait how long a read that does not say may wait for its preferred source; never longer than the bound of its class
 * @param movingWithin a source that has taken in no heartbeat for so long is not worth waiting for
 * @param maxPrimaryFallbacks how many reads at once the primary takes over from other sources
 * @param retryAfter what a refused caller is told
 */
public record RouterSettings(Duration maxWait, Duration movingWithin, int maxPrimaryFallbacks, Duration retryAfter) {

    public RouterSettings {
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative, not " + maxWait);
        }
        Settings.requirePositive("movingWithin", movingWithin);
        Settings.requirePositive("maxPrimaryFallbacks", maxPrimaryFallbacks);
        Settings.requirePositive("retryAfter", retryAfter);
    }

    public static RouterSettings defaults() {
        return new RouterSettings(Duration.ofMillis(250), Duration.ofSeconds(1), 64, Duration.ofSeconds(1));
    }
}
