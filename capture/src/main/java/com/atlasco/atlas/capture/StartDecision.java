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
 * <tr><td>watermark</td><td>older timeline: it was taken over from</td><td>refuse</td></tr>
 * <tr><td>watermark</td><td>its log had another transaction where the store's last one should be</td><td>refuse, or
 * snapshot where that is wished</td></tr>
 * <tr><td>watermark</td><td>newer timeline, and the store may have what this one has not</td><td>the same</td></tr>
 * <tr><td>watermark</td><td>log ends before the watermark</td><td>the same</td></tr>
 * <tr><td>watermark</td><td>no slot, or not of this database and plugin</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot lost</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot confirmed beyond the watermark</td><td>snapshot</td></tr>
 * <tr><td>watermark</td><td>slot at or before the watermark</td><td>resume</td></tr>
 * </table>
 *
 * A store has nothing that a newer timeline lacks when that one branched off behind all that the store claims and behind
 * all rows that were read, no snapshot is under way, and the last transaction is noted: the watermark claims what lies
 * before it, and only the stream tells whether the new primary has it too.
 *
 * <p>A snapshot always begins with a new slot, and one of everything with an empty store. One that was interrupted is resumed
 * with the changes: what it has read is in the store.
 */
sealed interface StartDecision {

    /** What to do about a slot that is somebody else's, or may be. */
    String ANOTHER_SLOT = "Give this store a slot name of its own, or take this one over: atlas resync --take-over.";

    String RESYNC = "If this is the right server, fill the store from it anew: atlas resync.";

    String TAKEN_OVER = "Start the server that took over, or name it. To lose what it alone has: atlas resync.";

    /**
     * The slot has what the store lacks.
     *
     * @param position what the store's watermark claims, on the server's timeline
     * @param place where the stream begins; what it brings first has to be the transaction that is noted here
     * @param applied the last change in the store
     */
    record Resume(Position position, StreamPlace place, Optional<ChangeOrder> applied) implements StartDecision {}

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
     * @param snapshotOnNewTimeline whether a store that may have what the server lacks is filled anew without a word
     */
    static StartDecision of(ServerFacts server, StoreFacts store, boolean snapshotOnNewTimeline) {
        Optional<String> owner = server.slot().flatMap(ServerFacts.Slot::owner);
        if (owner.isPresent() && !owner.get().equals(store.identity())) {
            return new Refuse(
                    "the replication slot belongs to another analytics store, " + owner.get(), ANOTHER_SLOT, true);
        }
        if (store.watermark().isEmpty()) {
            return server.slot().isPresent() && owner.isEmpty()
                    ? new Refuse(
                            "the store is empty, and the replication slot exists: another store may need it",
                            ANOTHER_SLOT,
                            true)
                    : new Snapshot("the store is empty");
        }
        Watermark watermark = store.watermark().get();
        Position position = watermark.position();
        if (position.systemId() != server.systemId()) {
            return new Refuse(
                    "the store was filled from system " + position.systemId() + ", and this one is "
                            + server.systemId(),
                    RESYNC,
                    false);
        }
        if (position.timeline() > server.timeline()) {
            return new Refuse(
                    "the store was filled from timeline " + position.timeline() + ", and the server is on "
                            + server.timeline() + ": another server took over from it",
                    TAKEN_OVER,
                    false);
        }
        Optional<String> more = moreThan(server, store, watermark);
        if (more.isPresent()) {
            return snapshotOnNewTimeline ? new Snapshot(more.get()) : new Refuse(more.get(), RESYNC, false);
        }
        StreamPlace place = StreamPlace.of(watermark);
        return slotLacks(server, place.boundary())
                .<StartDecision>map(Snapshot::new)
                .orElseGet(() -> new Resume(
                        new Position(server.systemId(), server.timeline(), position.lsn()), place, watermark.order()));
    }

    /** Why the store may have what the server has not. */
    private static Optional<String> moreThan(ServerFacts server, StoreFacts store, Watermark watermark) {
        if (store.contradicted().isPresent()) {
            return store.contradicted();
        }
        Position position = watermark.position();
        StreamPlace place = StreamPlace.of(watermark);
        if (position.timeline() != server.timeline()) {
            String timelines = "the store was filled from timeline " + position.timeline() + " up to " + position.lsn()
                    + ", and the server is on " + server.timeline();
            Optional<Lsn> branch = server.endOf(position.timeline());
            if (branch.isEmpty() || position.lsn().compareTo(branch.get()) > 0) {
                return Optional.of(timelines
                        + branch.map(end -> ", which branched off at " + end).orElse(""));
            }
            if (store.readUntil().compareTo(branch.get()) > 0) {
                return Optional.of(timelines + ", which branched off at " + branch.get() + ": rows were read at up to "
                        + store.readUntil());
            }
            if (store.snapshotUnderWay()) {
                return Optional.of(timelines + ": rows of a snapshot may be newer than that branched off");
            }
            if (place.last().isEmpty()
                    && watermark.order().filter(order -> order.ordinal() > 0).isPresent()) {
                return Optional.of(timelines + ": which transaction was the last in the store is not noted");
            }
        }
        return place.boundary().compareTo(server.logEnd()) > 0
                ? Optional.of("the store has come to " + place.boundary() + ", and the server's log ends at "
                        + server.logEnd() + ": it was restored from an older state")
                : Optional.empty();
    }

    /** Why the slot does not have what comes after the boundary. */
    private static Optional<String> slotLacks(ServerFacts server, Lsn boundary) {
        if (server.slot().isEmpty()) {
            return Optional.of("the replication slot is gone");
        }
        ServerFacts.Slot slot = server.slot().get();
        if (!slot.usable()) {
            return Optional.of("the replication slot belongs to another database or plugin");
        }
        if (slot.lost()) {
            return Optional.of("the replication slot is lost: the server removed log that was still needed");
        }
        return slot.confirmed().compareTo(boundary) > 0
                ? Optional.of(
                        "the replication slot has moved to " + slot.confirmed() + ", beyond the store's " + boundary)
                : Optional.empty();
    }
}
