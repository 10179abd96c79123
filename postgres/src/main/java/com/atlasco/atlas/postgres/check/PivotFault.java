package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.DataType;
import java.util.Optional;

/**
 * A value of a document and the pivot that do not agree.
 *
 * @param document the value that the document holds, as JSON, and cut off; empty where it holds none
 * @param row the row that is wrong; empty where one is missing
 */
public record PivotFault(Kind kind, long entityId, int attributeId, Optional<String> document, Optional<Row> row) {

    /** What is wrong. */
    public enum Kind {
        /** A value has no row. */
        MISSING,
        /** The one row of the attribute has another value than the document. */
        STALE,
        /** A row that the document does not account for: the attribute is not in it, or the row is there twice. */
        SURPLUS,
        /** A row of an entity that does not exist. */
        GONE,
        /** A value in a document whose attribute does not exist. */
        UNREGISTERED
    }

    /**
     * A row of the pivot.
     *
     * @param key by which it is found
     * @param shown its value as text, cut off
     */
    public record Row(DataType dataType, String key, String shown) {}
}
