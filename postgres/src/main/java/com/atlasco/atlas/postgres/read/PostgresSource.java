package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.PrimaryLineage;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.Explanation;
import com.atlasco.atlas.query.PlannedReader;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.filter.Filter;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/**
 * Reads from one PostgreSQL server, a primary or a replica. A page is of one moment: most take one statement, and those
 * that take several begin again in a snapshot. Thread-safe.
 */
public final class PostgresSource implements PlannedReader, AutoCloseable {

    /** What a page may be expected to take where nothing else is chosen; measured, see docs/query-planning.md. */
    public static final Duration DEFAULT_COST_LIMIT = Duration.ofSeconds(2);

    private static final String GET =
            "SELECT " + EntityRows.COLUMNS + " FROM entity e WHERE e.tenant_id = ? AND e.entity_id = ?";

    private final Database database;
    private final EntityCounter counter;
    /** For statements whose plans are made once. */
    private final Database prepared;

    private final PositionQuery positions;
    private final Optional<StatisticsCatalog> statistics;
    private final CostLimit limit;
    private final LongSupplier nanoTicker;
    /** From how many plans there are to the one that is taken; they are in the order of their cost. */
    private final IntUnaryOperator choice;

    private PostgresSource(
            PostgresSettings settings,
            Optional<PrimaryLineage> lineage,
            PositionQuery positions,
            Optional<StatisticsCatalog> statistics,
            CostLimit limit,
            LongSupplier nanoTicker,
            IntUnaryOperator choice) {
        this.database = Database.open(settings, lineage);
        this.prepared = Database.openForPages(settings, lineage);
        this.positions = positions;
        this.statistics = statistics;
        this.limit = limit;
        this.nanoTicker = nanoTicker;
        this.counter = new EntityCounter(database, new SampleEstimator());
        this.choice = choice;
    }

    /** A source with connections of its own, which are opened when they are needed; it plans by probing alone. */
    public static PostgresSource open(PostgresSettings settings) {
        return new PostgresSource(
                settings,
                Optional.empty(),
                PositionQuery.none(),
                Optional.empty(),
                CostLimit.none(),
                System::nanoTime,
                plans -> 0);
    }

    /** The newest primary alone, of whatever the address leads to; as {@link #ofPrimary(PostgresSettings, PrimaryLineage, StatisticsCatalog, Duration)}. */
    public static PostgresSource ofPrimary(PostgresSettings settings, StatisticsCatalog statistics, Duration limit) {
        return ofPrimary(settings, new PrimaryLineage(), statistics, limit);
    }

    /**
     * The newest primary alone, which plans by statistics.
     *
     * @param lineage of all that the node knows the primary by
     * @param limit what a bounded page may be expected to take; positive
     */
    public static PostgresSource ofPrimary(
            PostgresSettings settings, PrimaryLineage lineage, StatisticsCatalog statistics, Duration limit) {
        return planned(settings, Optional.of(lineage), PositionQuery.ofPrimary(), statistics, limit);
    }

    /** A replica that plans by statistics; the node's heartbeats tell how far it has come. */
    public static PostgresSource ofReplica(
            PostgresSettings settings, String nodeId, StatisticsCatalog statistics, Duration limit) {
        return planned(settings, Optional.empty(), PositionQuery.ofReplica(nodeId), statistics, limit);
    }

    private static PostgresSource planned(
            PostgresSettings settings,
            Optional<PrimaryLineage> lineage,
            PositionQuery positions,
            StatisticsCatalog statistics,
            Duration limit) {
        return new PostgresSource(
                settings,
                lineage,
                positions,
                Optional.of(statistics),
                new CostLimit(limit.toNanos() / 1e3),
                System::nanoTime,
                plans -> 0);
    }

    /**
     * A primary that does not always take the cheapest plan: for tests that all of them find the same.
     *
     * @param choice from how many plans there are to the place of one among them
     */
    public static PostgresSource choosing(
            PostgresSettings settings, StatisticsCatalog statistics, IntUnaryOperator choice) {
        return new PostgresSource(
                settings,
                Optional.empty(),
                PositionQuery.ofPrimary(),
                Optional.of(statistics),
                CostLimit.none(),
                System::nanoTime,
                choice);
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
        return find(tenant, query, CostLimit.none()).page();
    }

    @Override
    public Found findBounded(TenantId tenant, EntityQuery query) {
        return find(tenant, query, limit);
    }

    private Found find(TenantId tenant, EntityQuery asked, CostLimit allowed) {
        PageQuery query = query(tenant, asked);
        if (query.isEmpty()) {
            return new Found(new EntityPage(List.of(), Optional.empty()), Optional.empty());
        }
        LongSupplier remaining = remaining();
        PageCounter counter = new PageCounter(false);
        Optional<Estimates> estimates = statistics.flatMap(known -> Estimates.of(known, query));
        if (estimates.isEmpty()) {
            return new Found(
                    database.snapshot(tenant, session -> {
                        PageRun run = new PageRun(session, query, estimates, allowed, remaining, counter);
                        return PageRun.page(query, run.rows(run.plan(), OptionalInt.empty()));
                    }),
                    Optional.empty());
        }
        List<Choice> choices = Planner.rank(query, estimates.get(), OptionalDouble.empty());
        Choice chosen = choices.get(choice.applyAsInt(choices.size()));
        allowed.check(query, chosen, 0);
        Plan plan = chosen.plan();
        // PostgreSQL's choice between ways to read and sort everything depends on the values.
        PageRun.First first = (plan instanceof Plan.Everything ? database : prepared)
                .run(
                        tenant,
                        session -> new PageRun(session, query, estimates, allowed, remaining, counter)
                                .first(plan, positions));
        if (first.complete()) {
            return new Found(PageRun.page(query, first.rows()), first.position());
        }
        OptionalInt seen = query.isPastValues()
                ? OptionalInt.empty()
                : OptionalInt.of(first.rows().size());
        return new Found(
                database.snapshot(
                        tenant,
                        session -> PageRun.page(
                                query,
                                new PageRun(session, query, estimates, allowed, remaining, counter).rows(plan, seen))),
                Optional.empty());
    }

    private PageQuery query(TenantId tenant, EntityQuery query) {
        Filterable.Needs needs = Filterable.needs(query);
        if (needs.indexing().isPresent()) {
            throw database.run(
                    tenant,
                    session -> Filterable.indexing(
                            session, tenant, needs.indexing().get()));
        }
        return PageQuery.of(tenant, query, needs.pivoted());
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
                tenant, filter, wanted, () -> PlannedReader.super.count(tenant, filter, EntityCount.Wanted.EXACT));
    }

    @Override
    public Explanation explain(TenantId tenant, EntityQuery asked, boolean analyze) {
        PageQuery query = query(tenant, asked);
        Optional<Estimates> estimates = statistics.flatMap(known -> Estimates.of(known, query));
        LongSupplier remaining = remaining();
        List<Choice> choices = estimates
                .map(known -> Planner.rank(query, known, OptionalDouble.empty()))
                .orElse(List.of());
        return database.snapshot(tenant, session -> {
            PageCounter counter = new PageCounter(analyze);
            PageRun run = new PageRun(session, query, estimates, CostLimit.none(), remaining, counter);
            Plan plan = run.plan();
            Sql statement = new PlanStatements(query).first(plan);
            Optional<Explanation.Actual> actual = Optional.empty();
            if (analyze) {
                int found = Math.min(
                        query.wanted() - 1, run.rows(plan, OptionalInt.empty()).size());
                long began = nanoTicker.getAsLong();
                new PageRun(session, query, estimates, CostLimit.none(), remaining, new PageCounter(false))
                        .rows(plan, OptionalInt.empty());
                actual = Optional.of(new Explanation.Actual(
                        found,
                        counter.entries(),
                        counter.documents(),
                        counter.statements(),
                        (nanoTicker.getAsLong() - began) / 1e6));
            }
            return new Explanation(
                    Names.of(query, plan.description()),
                    estimates.isPresent() ? "statistics" : "probes",
                    limit.millis(),
                    choices.stream().map(choice -> alternative(query, choice)).toList(),
                    actual,
                    lines(session, statement));
        });
    }

    private static Explanation.Alternative alternative(PageQuery query, Choice choice) {
        Estimate estimate = choice.estimate();
        return new Explanation.Alternative(
                Names.of(query, choice.plan().description()),
                estimate.micros() / 1_000,
                estimate.rows(),
                estimate.entries(),
                estimate.documents());
    }

    private static List<String> lines(Session session, Sql statement) throws SQLException {
        List<String> text = new ArrayList<>();
        try (PreparedStatement explain = Sql.of("EXPLAIN ").append(statement).prepare(session);
                ResultSet lines = explain.executeQuery()) {
            while (lines.next()) {
                text.add(lines.getString(1));
            }
        }
        return text;
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

    private LongSupplier remaining() {
        long deadline = nanoTicker.getAsLong() + database.statementTimeout().toNanos();
        return () -> deadline - nanoTicker.getAsLong();
    }

    @Override
    public void close() {
        database.close();
        prepared.close();
    }
}
