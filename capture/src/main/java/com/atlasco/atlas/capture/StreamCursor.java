package com.atlasco.atlas.capture;

import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.Lsn;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where in the stream of changes the reader is, and the order of each change in it.
 *
 * <p>Logical decoding sends whole transactions in the order of their commits. A transaction's own commit is only known
 * at its end, which a large transaction would have to be held in memory for; but every record carries, as
 * {@code lsn_commit}, the end of the commit of the transaction sent <em>before</em> its own. That LSN, the
 * <em>boundary</em>, identifies the record's transaction as well as its own commit does: it grows with every
 * transaction, and it is the same in every replay, because a replay always starts at a boundary and so sends the same
 * transactions whole. Hence the order of a change is {@code (boundary, number of the record in its transaction from
 * 1)}. The record's own LSN would not do for the second part: the rows of one multi-row insert share theirs.
 *
 * <p>All transactions that ended at or below the boundary have been read entirely. So the boundary is what a watermark
 * may claim, what the slot may be told, and where to resume; after a crash in the middle of a transaction it comes
 * again from its first record, and the records at or below the order already applied are skipped.
 *
 * <p>Not thread-safe.
 */
final class StreamCursor {

    private final Optional<ChangeOrder> applied;
    private Lsn boundary;
    private long ordinal;

    private StreamCursor(Lsn boundary, Optional<ChangeOrder> applied) {
        this.boundary = boundary;
        this.applied = applied;
    }

    /** @param applied the last change that the store contains; what is at or below it is a replay */
    static StreamCursor resume(Lsn boundary, Optional<ChangeOrder> applied) {
        return new StreamCursor(boundary, applied);
    }

    /**
     * Goes to the next record.
     *
     * @param precedingCommit the record's {@code lsn_commit}; a record without one belongs to the transaction that is being read
     * @throws IllegalStateException when the stream went backwards
     */
    ChangeOrder next(OptionalLong precedingCommit) {
        if (precedingCommit.isPresent()) {
            Lsn commit = new Lsn(precedingCommit.getAsLong());
            int comparison = commit.compareTo(boundary);
            if (comparison < 0) {
                throw new IllegalStateException("the log went back from " + boundary + " to " + commit);
            }
            if (comparison > 0) {
                boundary = commit;
                ordinal = 0;
            }
        }
        ordinal++;
        return new ChangeOrder(boundary, ordinal);
    }

    /** Whether the store already contains the record at this order. */
    boolean isReplay(ChangeOrder order) {
        return applied.isPresent() && order.compareTo(applied.get()) <= 0;
    }

    /** The end of the last transaction that has been read entirely. */
    Lsn boundary() {
        return boundary;
    }
}
