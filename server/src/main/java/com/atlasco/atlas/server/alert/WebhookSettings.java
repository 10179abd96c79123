package com.atlasco.atlas.server.alert;

import java.time.Duration;

/**
 * How webhooks are delivered.
 *
 * @param queue how many messages wait for one address at most, from 1; beyond it the oldest is given up
 * @param attempts how often a message is tried, from 1, before it is given up
 * @param firstPause after the first failure; doubled with each one in a row; positive
 * @param longestPause the longest pause between two attempts
 * @param timeout what an attempt may take; positive
 */
record WebhookSettings(int queue, int attempts, Duration firstPause, Duration longestPause, Duration timeout) {

    WebhookSettings {
        if (queue < 1 || attempts < 1 || !firstPause.isPositive() || !timeout.isPositive()) {
            throw new IllegalArgumentException("a queue, attempts, pauses and a timeout are positive");
        }
        if (longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("the longest pause is at least the first");
        }
    }

    /** 100 messages, tried 10 times each within about two minutes, 5 s each time. */
    static WebhookSettings defaults() {
        return new WebhookSettings(100, 10, Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(5));
    }

    /** The pause after so many failures in a row, from 1. */
    Duration pause(int failures) {
        long millis = firstPause.toMillis() << Math.min(failures - 1, 20);
        return Duration.ofMillis(Math.min(Math.max(millis, 1), longestPause.toMillis()));
    }
}
