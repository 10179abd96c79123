package com.atlasco.atlas.postgres.check;

import com.atlasco.atlas.model.Entity;

/**
 * A row of the table of entities.
 *
 * @param hash as that of its {@link Fingerprint}; 0 where the row is not PostgreSQL's
 * @param others how many other rows of the entity there are; 0 where there is a key
 */
public record StoredRow(Entity entity, long hash, int others) {}
