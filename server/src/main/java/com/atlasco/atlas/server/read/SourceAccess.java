package com.atlasco.atlas.server.read;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.query.EntityLookup;
import com.atlasco.atlas.query.EntityReader;
import com.atlasco.atlas.query.history.HistoryReader;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a source is read.
 *
 * @param lookup for single entities, which tells the position by itself
 * @param position a position at or past everything that a read which has just ended can have seen; it becomes the
 *     token of the answer, so that a later read never sees less
 * @param history where the source knows the past
 * @param awaitVisible returns when a read that begins then sees what was committed up to a position that the source
 *     contains; without one, up to whatever it contains
 */
public record SourceAccess(
        EntityReader reader,
        EntityLookup lookup,
        Supplier<Optional<Position>> position,
        Optional<HistoryReader> history,
        Consumer<Optional<Position>> awaitVisible) {

    /** A source that knows the present alone, and shows whatever it contains. */
    public SourceAccess(EntityReader reader, EntityLookup lookup, Supplier<Optional<Position>> position) {
        this(reader, lookup, position, Optional.empty(), contained -> {});
    }
}
