package com.atlasco.atlas.postgres.write;

import com.atlasco.atlas.model.Document;

/** An entity as it stands in the table, or is about to. */
record StoredEntity(String entityType, long version, Document document) {

    /** This with another content; the version grows only when the content is another one. */
    StoredEntity become(String newType, Document newDocument) {
        return entityType.equals(newType) && document.equals(newDocument)
                ? this
                : new StoredEntity(newType, version + 1, newDocument);
    }
}
