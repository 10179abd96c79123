package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A primary's log and copies that follow it. */
final class SimulatedStore {

    private static final long SYSTEM_ID = 7_000_000_001L;

    private final VirtualTime time;
    private final Random random;
    private final List<Entry> log = new ArrayList<>();
    private long end = 1000;
    private int timeline = 1;
    private long heartbeatRow;

    SimulatedStore(VirtualTime time, Random random) {
        this.time = time;
        this.random = random;
    }

    private record Entry(Position end, long committedAt, Optional<Heartbeat> heartbeatThere) {}

    int size() {
        return log.size();
    }

    /** The log's flushed end. */
    Position position() {
        return new Position(SYSTEM_ID, timeline, new Lsn(end));
    }

    /** Commits a write and returns its place in the log. */
    int commit() {
        append(newestHeartbeat(log.size()));
        return log.size() - 1;
    }

    void switchTimeline() {
        timeline++;
        append(newestHeartbeat(log.size()));
    }

    /** As the sender must: the row never goes back. */
    Optional<Heartbeat> commitHeartbeat(String nodeId, long sequence, Position flushed) {
        if (sequence <= heartbeatRow) {
            return Optional.empty();
        }
        heartbeatRow = sequence;
        Optional<Heartbeat> heartbeat = Optional.of(new Heartbeat(nodeId, sequence, flushed, Instant.EPOCH));
        append(heartbeat);
        return heartbeat;
    }

    private void append(Optional<Heartbeat> heartbeatThere) {
        end += 1 + random.nextInt(200);
        log.add(new Entry(position(), time.ticker(), heartbeatThere));
    }

    private Optional<Heartbeat> newestHeartbeat(int applied) {
        return applied == 0 ? Optional.empty() : log.get(applied - 1).heartbeatThere;
    }

    /** Something that follows the log, by its own pace. */
    final class Copy {
        private final boolean hasPosition;
        private int applied;
        private boolean paused;
        private long delay;
        private long calmDelay;

        Copy(boolean hasPosition, long calmDelay) {
            this.hasPosition = hasPosition;
            this.calmDelay = calmDelay;
            this.delay = calmDelay;
        }

        int applied() {
            return applied;
        }

        void pause(boolean newPaused) {
            paused = newPaused;
        }

        void slow(long extra) {
            delay = calmDelay + extra;
        }

        void goBackTo(int earlier) {
            applied = Math.max(0, earlier);
        }

        /** Applies what has arrived by now, at most so many entries. */
        void follow(int most) {
            for (int i = 0;
                    i < most
                            && !paused
                            && applied < log.size()
                            && time.ticker() - log.get(applied).committedAt >= delay;
                    i++) {
                applied++;
            }
        }

        Observation observe() {
            Optional<Position> position =
                    hasPosition && applied > 0 ? Optional.of(log.get(applied - 1).end) : Optional.empty();
            Optional<Heartbeat> heartbeat = newestHeartbeat(applied);
            // As the probe of a replica does: the replayed end with the system id and timeline of the heartbeat.
            Optional<Position> labelled = position.map(replayed -> heartbeat
                    .map(newest -> new Position(
                            newest.position().systemId(), newest.position().timeline(), replayed.lsn()))
                    .orElse(replayed));
            return new Observation(heartbeat, labelled, Map.of());
        }
    }
}
