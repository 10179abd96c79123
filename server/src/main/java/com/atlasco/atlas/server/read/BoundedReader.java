package com.atlasco.atlas.server.read;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.EntityReader;
import com.atlasco.atlas.query.Explanation;
import com.atlasco.atlas.query.PlannedReader;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import java.util.List;
import java.util.Optional;

/**
 * A reader for one operational read: pages that would take too much are refused. It remembers the position that came with
 * a page, as long as nothing was read after it. Not thread-safe.
 */
public final class BoundedReader implements EntityReader {

    private final EntityReader reader;
    private Optional<Position> position = Optional.empty();

    BoundedReader(EntityReader reader) {
        this.reader = reader;
    }

    /** A position at or past everything that was seen, when it is known. */
    Optional<Position> position() {
        return position;
    }

    @Override
    public Optional<Entity> get(TenantId tenant, long entityId) {
        position = Optional.empty();
        return reader.get(tenant, entityId);
    }

    /** {@inheritDoc} {@code filter_too_costly} when it would take too much. */
    @Override
    public EntityPage find(TenantId tenant, EntityQuery query) {
        if (reader instanceof PlannedReader planned) {
            PlannedReader.Found found = planned.findBounded(tenant, query);
            position = found.position();
            return found.page();
        }
        position = Optional.empty();
        return reader.find(tenant, query);
    }

    @Override
    public AggregateResult aggregate(TenantId tenant, AggregateQuery query) {
        position = Optional.empty();
        return reader.aggregate(tenant, query);
    }

    /** As {@link PlannedReader#explain}; a columnar store reads its columns, whatever is asked. */
    public Explanation explain(TenantId tenant, EntityQuery query, boolean analyze) {
        position = Optional.empty();
        if (reader instanceof PlannedReader planned) {
            return planned.explain(tenant, query, analyze);
        }
        return new Explanation(
                "read the columns that the query names",
                "columns",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of());
    }
}
