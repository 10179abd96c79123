package com.atlasco.atlas.query;

import com.atlasco.atlas.model.Value;
import java.util.List;
import java.util.Optional;

/**
 * The last row of a page, from which the next one goes on.
 *
 * @param sortValues the row's value of each property that is sorted by, in their order; empty where the row has none
 */
public record Cursor(List<Optional<Value>> sortValues, long entityId) {
    public Cursor {
        sortValues = List.copyOf(sortValues);
    }
}
