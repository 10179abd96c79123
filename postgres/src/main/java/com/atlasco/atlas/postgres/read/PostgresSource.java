package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.EntityReader;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.filter.Filter;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reads from one PostgreSQL server, a primary or a replica. Every statement sees one moment; a page may take several.
 * Thread-safe.
 */
public final class PostgresSource implements EntityReader, AutoCloseable {

    private static final String GET =
            "SELECT " + EntityRows.COLUMNS + " FROM entity e WHERE e.tenant_id = ? AND e.entity_id = ?";

    private final Database database;
    private final LongSupplier nanoTicker;
    private final EntityCounter counter;

    private PostgresSource(Database database, LongSupplier nanoTicker) {
        this.database = database;
        this.nanoTicker = nanoTicker;
        this.counter = new EntityCounter(database, new SampleEstimator());
    }

    /** A source with connections of its own, which are opened when they are needed. */
    public static PostgresSource open(PostgresSettings settings) {
        return new PostgresSource(Database.open(settings), System::nanoTime);
    }

    @Override
    public Optional<Entity> get(TenantId tenant, long entityId) {
        return database.run(tenant, session -> {
            try (PreparedStatement statement = session.prepare(GET)) {
                statement.setLong(1, tenant.value());
                statement.setLong(2, entityId);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(EntityRows.read(row)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public EntityPage find(TenantId tenant, EntityQuery query) {
        return database.snapshot(
                tenant, session -> finder(session, tenant, query).page());
    }

    /** {@inheritDoc} Serves attributes that are not filterable, too: it reads the documents. */
    @Override
    public AggregateResult aggregate(TenantId tenant, AggregateQuery query) {
        return database.run(tenant, session -> new AggregateFinder(session, tenant, query).result());
    }

    /**
     * {@inheritDoc} Counts exactly along an index that leads to few entities, else over all documents, for as long as a
     * statement may take.
     */
    @Override
    public EntityCount count(TenantId tenant, Filter filter, EntityCount.Wanted wanted) {
        return counter.count(
                tenant, filter, wanted, () -> EntityReader.super.count(tenant, filter, EntityCount.Wanted.EXACT));
    }

    /** How a query would be served: the plan in a line, then PostgreSQL's plan of the statement it begins with. */
    public String explain(TenantId tenant, EntityQuery query) {
        return database.run(tenant, session -> finder(session, tenant, query).explain());
    }

    /** Whether the server answers. Takes a connection and one round trip. */
    public boolean ping() {
        try {
            return database.run(session -> {
                try (PreparedStatement statement = session.prepare("SELECT 1");
                        ResultSet row = statement.executeQuery()) {
                    return row.next();
                }
            });
        } catch (AtlasException unreachable) {
            return false;
        }
    }

    private PageFinder finder(Session session, TenantId tenant, EntityQuery query) throws SQLException {
        long deadline = nanoTicker.getAsLong() + database.statementTimeout().toNanos();
        return new PageFinder(session, tenant, query, () -> deadline - nanoTicker.getAsLong());
    }

    @Override
    public void close() {
        database.close();
    }
}
