package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.check.CheckedServer;
import com.atlasco.atlas.postgres.check.StoredRow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whether entities that were seen to differ do. Each is read on the primary, then, when the source has come past
 * what was read, there, and on the primary again. It differs when the primary said the same before and after, and the source
 * something else. What changed meanwhile is looked at again, some times.
 *
 * <p>A version is never used twice, so a row that is the same before and after has not changed in between. An entity that
 * was absent both times may have come and gone in between; so one that only the source has counts when the source has the
 * very same row in two rounds, since the second began when the primary had not got it. For one thread.
 */
final class Confirmation {

    /** How long a source may take to come to a position, in turns of a second. */
    private static final int PATIENCE_SECONDS = 30;

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final int ROUNDS = 8;

    private final CheckedServer primary;
    private final Copy copy;
    private final Positions positions;
    private final Pace pace;
    private final Tally tally;

    Confirmation(CheckedServer primary, Copy copy, Positions positions, Pace pace, Tally tally) {
        this.tally = tally;
        this.primary = primary;
        this.copy = copy;
        this.positions = positions;
        this.pace = pace;
    }

    /** An entity that differs: what the primary has of it, and what the source. */
    record Divergence(long entityId, Optional<StoredRow> onPrimary, Optional<StoredRow> onSource) {}

    /** What was decided. */
    record Decided(List<Divergence> divergent, List<Long> undecided) {}

    /** Waits until the source has come to a position, as long as somebody listens. */
    void await(Position position) throws IOException, InterruptedException, NotReachedException {
        for (int second = 0; second < PATIENCE_SECONDS; second++) {
            if (pace.waiting(() -> positions.await(copy.node(), position, SECOND))) {
                return;
            }
            tally.compared(copy.name(), 0, 0);
        }
        throw new NotReachedException(
                "the %s did not reach %s in %d s".formatted(copy.node(), position.lsn(), PATIENCE_SECONDS));
    }

    /** Decides on some entities of a tenant. */
    Decided decide(TenantId tenant, Collection<Long> entityIds)
            throws IOException, InterruptedException, NotReachedException {
        List<Divergence> divergent = new ArrayList<>();
        List<Long> open = List.copyOf(entityIds);
        Map<Long, StoredRow> onlyThere = new HashMap<>();
        for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
            CheckedServer.Read<Map<Long, StoredRow>> before = primary.rowsOfPrimary(tenant, open);
            await(before.position());
            Map<Long, StoredRow> there = copy.rows(tenant, open);
            Map<Long, StoredRow> after = primary.rowsOfPrimary(tenant, open).value();
            List<Long> left = new ArrayList<>();
            for (long id : open) {
                Optional<StoredRow> first = Optional.ofNullable(before.value().get(id));
                Optional<StoredRow> second = Optional.ofNullable(after.get(id));
                Optional<StoredRow> copied = Optional.ofNullable(there.get(id));
                if (isSame(first, copied) || isSame(second, copied)) {
                    continue;
                }
                boolean steady = first.equals(second);
                boolean seenBefore = copied.equals(Optional.ofNullable(onlyThere.get(id)));
                if (steady && (first.isPresent() || seenBefore)) {
                    divergent.add(new Divergence(id, first, copied));
                } else {
                    left.add(id);
                }
                onlyThere.remove(id);
                if (steady && first.isEmpty()) {
                    copied.ifPresent(row -> onlyThere.put(id, row));
                }
            }
            open = left;
        }
        return new Decided(divergent, open);
    }

    private boolean isSame(Optional<StoredRow> onPrimary, Optional<StoredRow> onSource) {
        if (onPrimary.isEmpty() || onSource.isEmpty()) {
            return onPrimary.isEmpty() && onSource.isEmpty();
        }
        return copy.isSame(onPrimary.get(), onSource.get());
    }
}
