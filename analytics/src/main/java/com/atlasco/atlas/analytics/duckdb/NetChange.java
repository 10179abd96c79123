package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.model.Document;

/** What all of a batch's changes to one entity come to. */
sealed interface NetChange {

    /** The entity's new state; the document is known, from this change or one before it in the batch. */
    record Replaced(Change.EntityUpserted last, Document document) implements NetChange {}

    /** The entity's new head over the document that is stored. */
    record Touched(Change.EntityUpserted last) implements NetChange {}

    record Removed(Change.EntityDeleted last) implements NetChange {}
}
