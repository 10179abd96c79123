package com.atlasco.atlas.query;

import com.atlasco.atlas.model.Value;
import java.util.Optional;

/**
 * The last row of a page, from which the next one goes on.
 *
 * @param sortValue the row's value of the sort property; empty without a sort, and when the row has no such value
 */
public record Cursor(Optional<Value> sortValue, long entityId) {}
