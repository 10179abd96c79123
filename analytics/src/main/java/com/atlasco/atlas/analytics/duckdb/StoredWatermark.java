package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * How far the store has come.
 *
 * @param watermark empty for a new store
 * @param highest the highest order of any change applied so far: no row has a higher one
 * @param readUntil rows that were read from the primary may hold what it committed up to here, before the log brings it
 */
record StoredWatermark(Optional<Watermark> watermark, Optional<ChangeOrder> highest, Lsn readUntil) {

    static final StoredWatermark NONE = new StoredWatermark(Optional.empty(), Optional.empty(), Lsn.ZERO);

    /** How long the heartbeats of a node that stopped are kept. */
    private static final Duration HEARTBEATS_KEPT = Duration.ofDays(1);

    /** Where a first snapshot begins. */
    static StoredWatermark at(Position position) {
        ChangeOrder order = new ChangeOrder(position.lsn(), 0);
        return new StoredWatermark(
                Optional.of(new Watermark(
                        position, Optional.of(order), List.of(), position.lsn().toString(), false)),
                Optional.of(order),
                position.lsn());
    }

    /**
     * Whether a change at this order has been applied. The rows of a snapshot all have the same order, so that while
     * it runs the order of the last one says nothing about the others.
     */
    boolean covers(ChangeOrder order) {
        return watermark
                .flatMap(stored -> stored.order()
                        .map(bound ->
                                stored.snapshotComplete() ? order.compareTo(bound) <= 0 : order.compareTo(bound) < 0))
                .orElse(false);
    }

    /** After a batch with this watermark and these highest applied order. A watermark that lies behind moves nothing. */
    StoredWatermark advancedBy(Watermark batch, Optional<ChangeOrder> applied) {
        Optional<ChangeOrder> newHighest = later(highest, applied);
        if (watermark.isEmpty()) {
            return new StoredWatermark(
                    Optional.of(withHeartbeats(batch, batch.order(), merge(List.of(), batch.heartbeats()))),
                    newHighest,
                    readUntil);
        }
        Watermark stored = watermark.get();
        Watermark leading = isBehind(batch, stored) ? stored : batch;
        return new StoredWatermark(
                Optional.of(withHeartbeats(
                        leading, later(stored.order(), batch.order()), merge(stored.heartbeats(), batch.heartbeats()))),
                newHighest,
                readUntil);
    }

    /** After rows were read up to there. */
    StoredWatermark readUntil(Lsn lsn) {
        return new StoredWatermark(watermark, highest, lsn.compareTo(readUntil) > 0 ? lsn : readUntil);
    }

    /** The order of what was applied last: above all rows, below all that is to come. */
    ChangeOrder last() {
        return watermark.flatMap(Watermark::order).orElseThrow();
    }

    /** With the first snapshot complete. */
    StoredWatermark complete() {
        Watermark now = watermark.orElseThrow();
        return new StoredWatermark(
                Optional.of(new Watermark(now.position(), now.order(), now.heartbeats(), now.connectorOffset(), true)),
                highest,
                readUntil);
    }

    private static boolean isBehind(Watermark batch, Watermark stored) {
        Position given = batch.position();
        Position reached = stored.position();
        if (given.systemId() != reached.systemId()) {
            return false;
        }
        if (given.timeline() != reached.timeline()) {
            return given.timeline() < reached.timeline();
        }
        int byLsn = given.lsn().compareTo(reached.lsn());
        if (byLsn != 0) {
            return byLsn < 0;
        }
        // The batches of a snapshot all have its position.
        return (stored.snapshotComplete() && !batch.snapshotComplete())
                || (stored.order().isPresent()
                        && batch.order().isPresent()
                        && batch.order().get().compareTo(stored.order().get()) < 0);
    }

    private static Optional<ChangeOrder> later(Optional<ChangeOrder> one, Optional<ChangeOrder> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().compareTo(other.get()) >= 0 ? one : other;
    }

    /** The newest heartbeat of every node, without nodes that fell silent a day before the newest of all. */
    private static List<Heartbeat> merge(List<Heartbeat> stored, List<Heartbeat> seen) {
        BinaryOperator<Heartbeat> newer = (one, other) -> one.sequence() >= other.sequence() ? one : other;
        Map<String, Heartbeat> byNode = new TreeMap<>();
        stored.forEach(heartbeat -> byNode.merge(heartbeat.nodeId(), heartbeat, newer));
        seen.forEach(heartbeat -> byNode.merge(heartbeat.nodeId(), inMicroseconds(heartbeat), newer));
        Optional<Instant> newest =
                byNode.values().stream().map(Heartbeat::sentAt).max(Comparator.naturalOrder());
        return byNode.values().stream()
                .filter(heartbeat ->
                        !heartbeat.sentAt().isBefore(newest.orElseThrow().minus(HEARTBEATS_KEPT)))
                .toList();
    }

    private static Heartbeat inMicroseconds(Heartbeat heartbeat) {
        return new Heartbeat(
                heartbeat.nodeId(),
                heartbeat.sequence(),
                heartbeat.position(),
                heartbeat.sentAt().truncatedTo(ChronoUnit.MICROS));
    }

    private static Watermark withHeartbeats(
            Watermark watermark, Optional<ChangeOrder> order, List<Heartbeat> heartbeats) {
        return new Watermark(
                watermark.position(), order, heartbeats, watermark.connectorOffset(), watermark.snapshotComplete());
    }
}
