package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A primary's log of writes to single entities, and what a reader of so much of it sees. */
final class KeyedLog {

    static final int HEARTBEAT = 0;

    private final List<Entry> entries = new ArrayList<>();
    private final Random random;
    private long end = 1000;
    private int timeline = 1;

    KeyedLog(Random random) {
        this.random = random;
    }

    /**
     * One transaction.
     *
     * @param key the entity; {@link #HEARTBEAT} for none
     * @param visibleAt from when on the primary's readers see it
     */
    record Entry(
            Position end,
            int key,
            long version,
            boolean deleted,
            long committedAt,
            long visibleAt,
            Optional<Heartbeat> heartbeat) {}

    /** What is there of an entity. */
    record Seen(long version, boolean deleted) {}

    int size() {
        return entries.size();
    }

    Entry entry(int index) {
        return entries.get(index);
    }

    Position position() {
        return new Position(7_000_000_001L, timeline, new Lsn(end));
    }

    Entry commit(int key, boolean deleted, long now, long visibleAt) {
        return append(key, newest(key) + 1, deleted, now, visibleAt, Optional.empty());
    }

    void switchTimeline(long now) {
        timeline++;
        append(HEARTBEAT, 0, false, now, now, Optional.empty());
    }

    /** A late one overwrites a newer one, as it does in the table. */
    Heartbeat commitHeartbeat(String nodeId, long sequence, Position flushed, long now) {
        Heartbeat heartbeat = new Heartbeat(nodeId, sequence, flushed, Instant.EPOCH);
        append(HEARTBEAT, 0, false, now, now, Optional.of(heartbeat));
        return heartbeat;
    }

    private Entry append(
            int key, long version, boolean deleted, long now, long visibleAt, Optional<Heartbeat> heartbeat) {
        end += 1 + random.nextInt(200);
        Entry entry = new Entry(position(), key, version, deleted, now, visibleAt, heartbeat);
        entries.add(entry);
        return entry;
    }

    private long newest(int key) {
        for (int index = entries.size() - 1; index >= 0; index--) {
            if (entries.get(index).key == key) {
                return entries.get(index).version;
            }
        }
        return 0;
    }

    /** The entity for who has applied the first so many transactions. */
    Seen applied(int key, int applied) {
        for (int index = applied - 1; index >= 0; index--) {
            Entry entry = entries.get(index);
            if (entry.key == key) {
                return new Seen(entry.version, entry.deleted);
            }
        }
        return new Seen(0, true);
    }

    /** The entity on the primary. */
    Seen visible(int key, long now) {
        for (int index = entries.size() - 1; index >= 0; index--) {
            Entry entry = entries.get(index);
            if (entry.key == key && now - entry.visibleAt >= 0) {
                return new Seen(entry.version, entry.deleted);
            }
        }
        return new Seen(0, true);
    }

    /** The newest version of the entity at or below a position; 0 when there is none. A promotion loses nothing here. */
    long versionAt(int key, Position position) {
        for (int index = entries.size() - 1; index >= 0; index--) {
            Entry entry = entries.get(index);
            if (entry.key == key
                    && entry.end.timeline() <= position.timeline()
                    && position.lsn().isAtLeast(entry.end.lsn())) {
                return entry.version;
            }
        }
        return 0;
    }

    Optional<Heartbeat> newestHeartbeat(int applied) {
        for (int index = applied - 1; index >= 0; index--) {
            if (entries.get(index).heartbeat.isPresent()) {
                return entries.get(index).heartbeat;
            }
        }
        return Optional.empty();
    }
}
