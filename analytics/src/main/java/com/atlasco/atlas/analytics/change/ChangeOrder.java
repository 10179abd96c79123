package com.atlasco.atlas.analytics.change;

import com.atlasco.atlas.model.Lsn;

/**
 * A change's place in the total order of changes: by the commit of its transaction, then within the transaction. Rows
 * of the initial snapshot have the snapshot's LSN and ordinal 0, and so lie before every streamed change.
 */
public record ChangeOrder(Lsn commit, long ordinal) implements Comparable<ChangeOrder> {

    @Override
    public int compareTo(ChangeOrder other) {
        int byCommit = commit.compareTo(other.commit);
        return byCommit != 0 ? byCommit : Long.compare(ordinal, other.ordinal);
    }
}
