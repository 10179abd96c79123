package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.filter.Filter;
import java.util.Optional;
import java.util.function.Supplier;

/** Counts by an estimate where one is enough, else exactly, for as long as a statement may take. Thread-safe. */
final class EntityCounter {

    private final Database database;
    private final CountEstimator estimator;

    EntityCounter(Database database, CountEstimator estimator) {
        this.database = database;
        this.estimator = estimator;
    }

    /**
     * Counts what the filter keeps.
     *
     * @param exactly counts every one
     * @throws AtlasException {@code overloaded}, at {@code count}, when that takes too long
     */
    EntityCount count(TenantId tenant, Filter filter, EntityCount.Wanted wanted, Supplier<EntityCount> exactly) {
        Optional<EntityCount> estimate = wanted == EntityCount.Wanted.ESTIMATE
                ? database.run(tenant, session -> estimator.estimate(session, tenant, filter))
                : Optional.empty();
        return estimate.orElseGet(() -> bounded(exactly));
    }

    private EntityCount bounded(Supplier<EntityCount> exactly) {
        try {
            return exactly.get();
        } catch (AtlasException refused) {
            if (refused.problem().code() != ErrorCode.OVERLOADED) {
                throw refused;
            }
            throw Problem.of(
                            ErrorCode.OVERLOADED,
                            "the entities that the filter keeps could not be counted exactly in the %,d ms that a read is given"
                                    .formatted(database.statementTimeout().toMillis()))
                    .at("count")
                    .hint("Ask for count=estimate or none, or let the analytics store count: X-Freshness-Requirement:"
                            + " analytical.")
                    .asException(refused);
        }
    }
}
