package com.atlasco.atlas.freshness;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that stands still until the next event. */
final class VirtualTime {

    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final long origin;
    private long elapsed;
    private long scheduled;

    /** @param origin what the monotonic clock shows at first; it may overflow later, as System.nanoTime may */
    VirtualTime(long origin) {
        this.origin = origin;
    }

    private record Event(long at, long order, Runnable action) {}

    long ticker() {
        return origin + elapsed;
    }

    Instant instant() {
        return EPOCH.plusNanos(elapsed);
    }

    void after(long nanos, Runnable action) {
        scheduled++;
        events.add(new Event(elapsed + nanos, scheduled, action));
    }

    void advance(long nanos) {
        runUntil(elapsed + nanos);
    }

    void runUntil(long end) {
        while (!events.isEmpty() && events.element().at <= end) {
            Event next = events.remove();
            elapsed = next.at;
            next.action.run();
        }
        elapsed = end;
    }
}
