package com.atlasco.atlas.server.read;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.query.EntityLookup;
import com.atlasco.atlas.query.EntityReader;
import com.atlasco.atlas.query.history.HistoryReader;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a source is read.
 *
 * @param lookup for single entities, which tells the position by itself
 * @param position a position at or past everything that a read which has just ended can have seen; it becomes the
 *     token of the answer, so that a later read never sees less
 * @param history where the source knows the past
 */
public record SourceAccess(
        EntityReader reader,
        EntityLookup lookup,
        Supplier<Optional<Position>> position,
        Optional<HistoryReader> history) {

    /** A source that knows the present alone. */
    public SourceAccess(EntityReader reader, EntityLookup lookup, Supplier<Optional<Position>> position) {
        this(reader, lookup, position, Optional.empty());
    }
}
