package com.atlasco.atlas.query;

import com.atlasco.atlas.model.Entity;
import java.util.List;
import java.util.Optional;

/**
 * One page of entities in the asked order.
 *
 * @param next present exactly when there are more rows
 */
public record EntityPage(List<Entity> entities, Optional<Cursor> next) {
    public EntityPage {
        entities = List.copyOf(entities);
    }
}
