package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.util.Optional;

/**
 * Whether the store can be brought up to date from the slot, or only by a snapshot.
 *
 * <table>
 * <caption>The first row that applies decides</caption>
 * <tr><th>store</th><th>server</th><th>decision</th></tr>
 * <tr><td>empty</td><td>any</td><td>snapshot</td></tr>
 * <tr><td>snapshot not complete</td><td>any</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>other system or timeline</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>log ends before the watermark</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>no slot, or not of this database and plugin</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot lost</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot confirmed beyond the watermark</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot at or before the watermark</td><td>resume</td></tr>
 * </table>
 *
 * A snapshot always begins with an empty store and a new slot, whose exported snapshot and first LSN fit together.
 */
sealed interface StartDecision {

    /**
     * The slot has what the store lacks.
     *
     * @param position what the store's watermark claims
     * @param boundary the end of the last whole transaction in the store
     * @param applied the last change in the store
     */
    record Resume(Position position, Lsn boundary, Optional<ChangeOrder> applied) implements StartDecision {}

    /**
     * Only a snapshot helps.
     *
     * @param reason for people
     */
    record Snapshot(long systemId, int timeline, String reason) implements StartDecision {}

    static StartDecision of(ServerFacts server, Optional<Watermark> stored) {
        return stored.isEmpty() ? snapshot(server, "the store is empty") : of(server, stored.get());
    }

    private static StartDecision of(ServerFacts server, Watermark watermark) {
        Position position = watermark.position();
        if (!watermark.snapshotComplete()) {
            return snapshot(server, "the last snapshot was not completed");
        }
        if (position.systemId() != server.systemId()) {
            return snapshot(
                    server,
                    "the store was filled from system " + position.systemId() + ", and this one is "
                            + server.systemId());
        }
        if (position.timeline() != server.timeline()) {
            return snapshot(
                    server,
                    "the store was filled from timeline " + position.timeline() + ", and the server is on "
                            + server.timeline());
        }
        Lsn boundary = Lsn.parse(watermark.connectorOffset());
        if (boundary.compareTo(server.logEnd()) > 0) {
            return snapshot(
                    server,
                    "the store has come to " + boundary + ", and the server's log ends at " + server.logEnd()
                            + ": it was restored from an older state");
        }
        if (server.slot().isEmpty()) {
            return snapshot(server, "the replication slot is gone");
        }
        ServerFacts.Slot slot = server.slot().get();
        if (!slot.usable()) {
            return snapshot(server, "the replication slot belongs to another database or plugin");
        }
        if (slot.lost()) {
            return snapshot(server, "the replication slot is lost: the server removed log that was still needed");
        }
        if (slot.confirmed().compareTo(boundary) > 0) {
            return snapshot(
                    server,
                    "the replication slot has moved to " + slot.confirmed() + ", beyond the store's " + boundary);
        }
        return new Resume(position, boundary, watermark.order());
    }

    private static StartDecision snapshot(ServerFacts server, String reason) {
        return new Snapshot(server.systemId(), server.timeline(), reason);
    }
}
