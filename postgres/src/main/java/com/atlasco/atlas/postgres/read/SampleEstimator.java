package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.EntityCount.Method;
import com.atlasco.atlas.query.filter.Filter;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates by the share of a sample that the filter keeps: runs of neighbours at even distances between the least and the
 * greatest entity_id. How many entities the tenant has in all is what PostgreSQL's planner expects.
 *
 * <p>Of a share p the standard error is about sqrt(p · (1 - p) / 3200): one point in a hundred at a half. A filter that
 * keeps few is not estimated: an index that leads to fewer entries than are worth a sample is counted along.
 */
final class SampleEstimator implements CountEstimator {

    private static final int RUNS = 64;
    private static final int RUN_LENGTH = 50;
    /** Counted in about the time that a sample takes. */
    private static final int FEW = 10_000;

    private static final Pattern PLANNED_ROWS = Pattern.compile("rows=(\\d+)");

    @Override
    public Optional<EntityCount> estimate(Session session, TenantId tenant, Filter filter) throws SQLException {
        if (filter instanceof Filter.Constant(boolean keeps) && !keeps) {
            return Optional.empty();
        }
        if (isCountedSoon(session, tenant.value(), filter)) {
            return Optional.empty();
        }
        OptionalLong planned = planned(session, tenant.value());
        if (planned.isEmpty()) {
            return Optional.empty();
        }
        if (filter.equals(Filter.ALL)) {
            return Optional.of(new EntityCount(planned.getAsLong(), Method.STATISTICS));
        }
        try (PreparedStatement statement = sample(tenant.value(), filter).prepare(session);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long seen = row.getLong(1);
            long kept = row.getLong(2);
            return seen == 0
                    ? Optional.empty()
                    : Optional.of(
                            new EntityCount(Math.round((double) planned.getAsLong() * kept / seen), Method.SAMPLE));
        }
    }

    private static boolean isCountedSoon(Session session, long tenant, Filter filter) throws SQLException {
        Sql entities = Sql.of(
                "SELECT count(*) FROM (SELECT FROM entity e WHERE e.tenant_id = ?::bigint LIMIT ?::int) f",
                tenant,
                FEW);
        try (PreparedStatement statement = entities.prepare(session);
                ResultSet row = statement.executeQuery()) {
            row.next();
            if (row.getLong(1) < FEW) {
                return true;
            }
        }
        List<Driver> drivers = Drivers.of(filter);
        if (drivers.isEmpty()) {
            return false;
        }
        try (PreparedStatement statement = PageStatements.probe(
                                tenant, drivers, Optional.empty(), Optional.empty(), FEW)
                        .prepare(session);
                ResultSet rows = statement.executeQuery()) {
            return Probes.read(drivers, rows, FEW, false).fewest().isPresent();
        }
    }

    /** The first line of the plan is that of its outermost node. */
    private static OptionalLong planned(Session session, long tenant) throws SQLException {
        try (PreparedStatement statement = Sql.of("EXPLAIN SELECT FROM entity e WHERE e.tenant_id = ?::bigint", tenant)
                        .prepare(session);
                ResultSet lines = statement.executeQuery()) {
            Matcher rows = PLANNED_ROWS.matcher(lines.next() ? lines.getString(1) : "");
            return rows.find() ? OptionalLong.of(Long.parseLong(rows.group(1))) : OptionalLong.empty();
        }
    }

    /** How many entities there are in the sample, and how many of them the filter keeps. */
    private static Sql sample(long tenant, Filter filter) {
        return Sql.of("""
                WITH bounds AS (
                    SELECT min(entity_id)::numeric AS low, max(entity_id)::numeric AS high
                    FROM entity WHERE tenant_id = ?::bigint),
                ids AS (
                    SELECT DISTINCT r.entity_id
                    FROM bounds b CROSS JOIN generate_series(0, ?::int - 1) i CROSS JOIN LATERAL (
                        SELECT n.entity_id FROM entity n
                        WHERE n.tenant_id = ?::bigint
                            AND n.entity_id >= trunc(b.low + (b.high - b.low) * i / ?::int)::bigint
                        ORDER BY n.entity_id LIMIT ?::int) r)
                SELECT count(*), count(*) FILTER (WHERE e.kept)
                FROM ids k CROSS JOIN LATERAL (SELECT """, tenant, RUNS, tenant, RUNS, RUN_LENGTH)
                .append(" ")
                .append(DocumentPredicate.of(filter))
                .append(
                        " AS kept FROM entity e WHERE e.tenant_id = ?::bigint AND e.entity_id = k.entity_id OFFSET 0) e",
                        tenant);
    }
}
