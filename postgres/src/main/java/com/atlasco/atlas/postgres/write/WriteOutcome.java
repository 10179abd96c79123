package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Position;
import java.util.List;

/**
 * The results of a list of writes, in its order.
 *
 * @param position a source that contains it contains all of these writes
 */
public record WriteOutcome(List<WriteResult> results, Position position) {
    public WriteOutcome {
        results = List.copyOf(results);
    }
}
