package com.atlasco.atlas.bench.network;

import java.time.Duration;

/**
 * How bytes of one way are treated. Their order stays what it was, as TCP would have it.
 *
 * @param delay of all
 * @param jitter at most this is added, at random
 * @param stalls the share of the pieces, from 0 to 1, that wait for something to be sent again, as a lost packet does
 * @param longestStall at most this, and at least a quarter of it
 * @param bytesPerSecond at most; 0 for any number
 * @param held nothing arrives until that changes; what was sent meanwhile arrives then
 */
public record Conditions(
        Duration delay, Duration jitter, double stalls, Duration longestStall, long bytesPerSecond, boolean held) {

    public static final Conditions PERFECT = new Conditions(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 0, false);

    public static final Conditions HELD = new Conditions(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 0, true);

    public static Conditions delayed(Duration delay, Duration jitter) {
        return new Conditions(delay, jitter, 0, Duration.ZERO, 0, false);
    }

    public static Conditions lossy(double stalls, Duration longestStall) {
        return new Conditions(Duration.ZERO, Duration.ZERO, stalls, longestStall, 0, false);
    }

    public static Conditions throttled(long bytesPerSecond) {
        return new Conditions(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, bytesPerSecond, false);
    }
}
