package com.atlasco.atlas.server.http;

import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.postgres.write.WriteResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Items of a batch that share a transaction: what is to be written, and what is refused already. */
final class Chunk {

    /** Stands where a result will be. */
    private static final WriteResult PENDING = new WriteResult.Deleted(0, 0);

    private final List<WriteResult> results = new ArrayList<>();
    private final List<WriteRequest> writes = new ArrayList<>();
    private long bytes;
    private boolean last;

    void add(WriteRequest write, int size) {
        results.add(PENDING);
        writes.add(write);
        bytes += size;
    }

    /** Adds one that is refused; what is said of it may hold much of its {@code size} bytes. */
    void refuse(Problem problem, int size) {
        results.add(new WriteResult.Refused(problem));
        bytes += size;
    }

    void endsBatch() {
        last = true;
    }

    int size() {
        return results.size();
    }

    boolean isFull(BatchLimits limits) {
        return results.size() >= limits.items() || bytes >= limits.bytes();
    }

    /** Whether nothing comes behind it. */
    boolean isLast() {
        return last;
    }

    List<WriteRequest> writes() {
        return writes;
    }

    /** A result for every item, from one for every write. */
    List<WriteResult> results(List<WriteResult> written) {
        Iterator<WriteResult> next = written.iterator();
        results.replaceAll(result -> result.equals(PENDING) ? next.next() : result);
        return results;
    }

    /** A result for every item, where nothing was written. */
    List<WriteResult> results(Problem failure) {
        results.replaceAll(result -> result.equals(PENDING) ? new WriteResult.Refused(failure) : result);
        return results;
    }
}
