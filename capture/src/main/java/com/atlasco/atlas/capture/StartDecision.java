package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.util.Optional;

/**
 * Whether the store can be brought up to date from the slot, or only by a snapshot, or not without somebody's word.
 *
 * <table>
 * <caption>The first row that applies decides</caption>
 * <tr><th>store</th><th>server</th><th>decision</th></tr>
 * <tr><td>any</td><td>slot made for another store</td><td>refuse</td></tr>
 * <tr><td>empty</td><td>slot that nobody noted</td><td>refuse</td></tr>
 * <tr><td>empty</td><td>no slot, or its own</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>other system</td><td>refuse</td></tr>
 * <tr><td>watermark</td><td>other timeline, which did not branch off behind the watermark</td><td>refuse, or snapshot where
 * that is wished</td></tr>
 * <tr><td>watermark</td><td>log ends before the watermark</td><td>the same</td></tr>
 * <tr><td>watermark</td><td>no slot, or not of this database and plugin</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot lost</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot confirmed beyond the watermark</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot at or before the watermark</td><td>resume</td></tr>
 * </table>
 *
 * A snapshot always begins with a new slot, and one of everything with an empty store. One that was interrupted is resumed
 * with the changes: what it has read is in the store.
 */
sealed interface StartDecision {

    /** What to do about a slot that is somebody else's, or may be. */
    String ANOTHER_SLOT = "Give this store a slot name of its own, or take this one over: atlas resync --take-over.";

    String RESYNC = "If this is the right server, fill the store from it anew: atlas resync.";

    /**
     * The slot has what the store lacks.
     *
     * @param position what the store's watermark claims, on the server's timeline
     * @param boundary the end of the last whole transaction in the store
     * @param applied the last change in the store
     */
    record Resume(Position position, Lsn boundary, Optional<ChangeOrder> applied) implements StartDecision {}

    /**
     * Only a snapshot helps.
     *
     * @param reason for people
     */
    record Snapshot(String reason) implements StartDecision {}

    /**
     * Neither would be right without somebody's word.
     *
     * @param foreignSlot whether it is about a slot that may be another store's
     */
    record Refuse(String reason, String remedy, boolean foreignSlot) implements StartDecision {}

    /**
     * Decides.
     *
     * @param store the store's identity
     * @param snapshotOnNewTimeline whether a store that has come further than where the server's timeline branched off is
     *     filled anew without a word
     */
    static StartDecision of(
            ServerFacts server, Optional<Watermark> stored, String store, boolean snapshotOnNewTimeline) {
        Optional<String> owner = server.slot().flatMap(ServerFacts.Slot::owner);
        if (owner.isPresent() && !owner.get().equals(store)) {
            return new Refuse(
                    "the replication slot belongs to another analytics store, " + owner.get(), ANOTHER_SLOT, true);
        }
        if (stored.isEmpty()) {
            return server.slot().isPresent() && owner.isEmpty()
                    ? new Refuse(
                            "the store is empty, and the replication slot exists: another store may need it",
                            ANOTHER_SLOT,
                            true)
                    : new Snapshot("the store is empty");
        }
        return of(server, stored.get(), snapshotOnNewTimeline);
    }

    private static StartDecision of(ServerFacts server, Watermark watermark, boolean snapshotOnNewTimeline) {
        Position position = watermark.position();
        if (position.systemId() != server.systemId()) {
            return new Refuse(
                    "the store was filled from system " + position.systemId() + ", and this one is "
                            + server.systemId(),
                    RESYNC,
                    false);
        }
        Lsn boundary = Lsn.parse(watermark.connectorOffset());
        if (position.timeline() != server.timeline()) {
            Optional<Lsn> branch = server.endOf(position.timeline());
            if (branch.isEmpty() || position.lsn().compareTo(branch.get()) > 0) {
                return otherHistory(
                        "the store was filled from timeline " + position.timeline() + " up to " + position.lsn()
                                + ", and the server is on " + server.timeline()
                                + branch.map(end -> ", which branched off at " + end)
                                        .orElse(""),
                        snapshotOnNewTimeline);
            }
        }
        if (boundary.compareTo(server.logEnd()) > 0) {
            return otherHistory(
                    "the store has come to " + boundary + ", and the server's log ends at " + server.logEnd()
                            + ": it was restored from an older state",
                    snapshotOnNewTimeline);
        }
        if (server.slot().isEmpty()) {
            return new Snapshot("the replication slot is gone");
        }
        ServerFacts.Slot slot = server.slot().get();
        if (!slot.usable()) {
            return new Snapshot("the replication slot belongs to another database or plugin");
        }
        if (slot.lost()) {
            return new Snapshot("the replication slot is lost: the server removed log that was still needed");
        }
        if (slot.confirmed().compareTo(boundary) > 0) {
            return new Snapshot(
                    "the replication slot has moved to " + slot.confirmed() + ", beyond the store's " + boundary);
        }
        return new Resume(
                new Position(server.systemId(), server.timeline(), position.lsn()), boundary, watermark.order());
    }

    private static StartDecision otherHistory(String reason, boolean snapshotOnNewTimeline) {
        return snapshotOnNewTimeline ? new Snapshot(reason) : new Refuse(reason, RESYNC, false);
    }
}
