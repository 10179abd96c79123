package com.atlasco.atlas.server.http;

import java.time.Duration;

/**
 * How much of a batch is written in one transaction.
 *
 * @param items enough to share a commit among many, few enough to keep locks and answers short
 * @param bytes keeps a transaction of large items from filling the heap
 * @param gathering how long an item waits for others to come while nothing is being written
 */
record BatchLimits(int items, int bytes, Duration gathering) {

    static BatchLimits defaults() {
        return new BatchLimits(1_000, 4 * 1024 * 1024, Duration.ofMillis(10));
    }
}
