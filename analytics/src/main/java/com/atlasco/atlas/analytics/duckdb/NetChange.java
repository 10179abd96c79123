package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.model.Document;

/** What all of a batch's changes to one entity come to. */
sealed interface NetChange {

    /** The last change of the entity in the batch. */
    Change last();

    /** Whether the last change is one whose history has the value that the new document has for this attribute. */
    default boolean recordsValue(int attributeId) {
        return this instanceof Replaced(Change.EntityUpserted last, Document _, boolean _)
                && last.document().isPresent()
                && last.changedAttributes().contains(attributeId);
    }

    /**
     * The entity's new state; the document is known, from this change or one before it in the batch.
     *
     * @param created whether there is no row to replace
     */
    record Replaced(Change.EntityUpserted last, Document document, boolean created) implements NetChange {}

    /** The entity's new head over the document that is stored. */
    record Touched(Change.EntityUpserted last) implements NetChange {}

    record Removed(Change.EntityDeleted last) implements NetChange {}
}
