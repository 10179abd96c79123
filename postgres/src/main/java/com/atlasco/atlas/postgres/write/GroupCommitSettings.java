package com.atlasco.atlas.postgres.write;

import java.time.Duration;

/**
 * The bounds of {@link GroupCommit}.
 *
 * @param concurrency the most transactions under way at once, each on a connection of its own; at least 1
 * @param maxWait how long a write waits for others to join its transaction at most; 0 to take only what is there
 * @param maxGroup the most writes of a transaction
 * @param maxGroupBytes about what the writes of a transaction take; one that is larger goes alone
 * @param maxQueued the most writes that wait for their transaction
 * @param maxQueuedBytes about what they take
 */
public record GroupCommitSettings(
        int concurrency, Duration maxWait, int maxGroup, int maxGroupBytes, int maxQueued, long maxQueuedBytes) {

    public GroupCommitSettings {
        if (concurrency < 1 || maxGroup < 1 || maxGroupBytes < 1 || maxQueued < 1 || maxQueuedBytes < 1) {
            throw new IllegalArgumentException("the bounds of group commit are positive");
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("a wait is not negative: " + maxWait);
        }
    }

    /** 8 transactions, 2 ms, 512 writes or 8 MiB each; 16,384 writes or 128 MiB waiting. */
    public static GroupCommitSettings defaults() {
        return new GroupCommitSettings(8, Duration.ofMillis(2), 512, 8 << 20, 16_384, 128L << 20);
    }
}
