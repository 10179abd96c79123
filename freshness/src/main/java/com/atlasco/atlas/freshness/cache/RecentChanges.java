package com.atlasco.atlas.freshness.cache;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What is remembered of changes whose entities are not in the cache, so that a copy which was read before them and comes
 * after them is not taken for current. Entities share places: to be wrongly suspected costs a copy, and is rare.
 * Thread-safe.
 */
final class RecentChanges {

    private static final int PLACES = 1 << 16;

    /** How often the place was touched. */
    private final AtomicLongArray touched = new AtomicLongArray(PLACES);

    /** The newest heartbeat that had been given out when the last change was noted. */
    private final AtomicLongArray heartbeats = new AtomicLongArray(PLACES);

    /** To be noted before an entity is read, and compared when it is to be taken in. */
    long touched(EntityKey key) {
        return touched.get(place(key));
    }

    /** A source that contains a heartbeat above this contains whatever was noted of the entity. */
    long heartbeat(EntityKey key) {
        return heartbeats.get(place(key));
    }

    /**
     * A change of the entity is durable.
     *
     * @param newestHeartbeat the newest one given out by now
     */
    void note(EntityKey key, long newestHeartbeat) {
        note(place(key), newestHeartbeat);
    }

    /** As if every entity had been changed. */
    void noteAll(long newestHeartbeat) {
        for (int place = 0; place < PLACES; place++) {
            note(place, newestHeartbeat);
        }
    }

    private void note(int place, long newestHeartbeat) {
        heartbeats.accumulateAndGet(place, newestHeartbeat, Math::max);
        touched.incrementAndGet(place);
    }

    private static int place(EntityKey key) {
        long mixed = (key.entityId() + 31 * key.tenant()) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 48);
    }
}
