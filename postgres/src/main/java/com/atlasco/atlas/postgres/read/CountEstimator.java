package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.filter.Filter;
import java.sql.SQLException;
import java.util.Optional;

/** Says roughly how many entities a filter keeps, in a time that does not grow with them. */
@FunctionalInterface
interface CountEstimator {

    /** An estimate and what it rests on; empty when there are so few entities that they had better be counted. */
    Optional<EntityCount> estimate(Session session, TenantId tenant, Filter filter) throws SQLException;
}
