package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.StatementChain;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.filter.Property;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Finds one page by a plan, and by another when the first steps show that it was chosen by wrong estimates: a walk looks
 * at a window at a time, a gathering at so many ids. For one session, which sees one moment when it is more than
 * {@link #first}.
 */
final class PageRun {

    private static final int LARGEST_WINDOW = 1_000_000;
    /** After so many changes of the plan that is gone on with which is there: estimates have been wrong each time. */
    private static final int MOST_CHANGES = 3;

    private final Session session;
    private final PageQuery query;
    private final Optional<Estimates> estimates;
    private final CostLimit limit;
    private final LongSupplier remainingNanos;
    private final PageCounter counter;
    private final PlanStatements statements;
    private double spent;
    private boolean crowded;
    private int changes;

    /**
     * A run.
     *
     * @param estimates empty where there are no statistics yet
     * @param remainingNanos until the statement timeout
     */
    PageRun(
            Session session,
            PageQuery query,
            Optional<Estimates> estimates,
            CostLimit limit,
            LongSupplier remainingNanos,
            PageCounter counter) {
        this.session = session;
        this.query = query;
        this.estimates = estimates;
        this.limit = limit;
        this.remainingNanos = remainingNanos;
        this.counter = counter;
        this.statements = new PlanStatements(query);
    }

    /**
     * What one statement found.
     *
     * @param plain no key stands for longer text
     * @param few not more ids than were expected
     * @param ended whether the walk goes on nowhere
     */
    private record Rows(List<Entity> rows, boolean plain, boolean few, boolean ended) {}

    /**
     * What the first statement of a plan found.
     *
     * @param complete whether that is all that is wanted
     * @param position behind what was seen
     */
    record First(List<Entity> rows, boolean complete, Optional<Position> position) {}

    /** Runs the plan's first statement, which needs no snapshot. */
    First first(Plan plan, PositionQuery positions) throws SQLException {
        if (plan instanceof Plan.Walked && query.isPastValues()) {
            return new First(List.of(), false, Optional.empty());
        }
        List<Rows> found = new ArrayList<>(1);
        List<Position> position = new ArrayList<>(1);
        StatementChain chain = new StatementChain();
        statements.firstAndEnd(plan).addTo(chain, session, rows -> found.add(read(rows, plan instanceof Plan.Walked)));
        positions.add(chain, session, position::add);
        chain.run(session);
        Rows rows = found.getFirst();
        boolean complete = rows.plain()
                && rows.few()
                && (!(plan instanceof Plan.Walked)
                        || rows.rows().size() >= query.wanted()
                        || (rows.ended() && query.isMetByWalks()));
        return new First(rows.rows(), complete, position.stream().findFirst());
    }

    /**
     * All rows that are wanted.
     *
     * @param seen how many the plan's first window has shown, where it has been looked at
     */
    List<Entity> rows(Plan plan, OptionalInt seen) throws SQLException {
        return switch (plan) {
            case Plan.Walked walked -> walk(walked, seen);
            // Looked at, it had more ids than were expected.
            case Plan.Gathered gathered -> seen.isPresent() ? gatherMany(gathered) : gather(gathered);
            case Plan.Everything everything -> run(statements.first(everything)).rows();
        };
    }

    private long tenant() {
        return query.tenant().value();
    }

    private List<Entity> gather(Plan.Gathered gathered) throws SQLException {
        Rows found = run(statements.gathered(crowded ? whole(gathered) : gathered));
        return found.few() ? found.rows() : gatherMany(gathered);
    }

    private static Plan.Gathered whole(Plan.Gathered gathered) {
        return new Plan.Gathered(gathered.gather(), gathered.residual(), Integer.MAX_VALUE);
    }

    /** More ids than expected: conditions that go together. As many more again are expected now. */
    private List<Entity> gatherMany(Plan.Gathered gathered) throws SQLException {
        // Should a walk lead back here, it would find the same.
        crowded = true;
        spent += gathered.most() * (Planner.ENTRY + Planner.SET_ENTRY);
        Optional<Plan> other = estimates.map(known -> rank(known, 4.0 * gathered.most()));
        if (other.isPresent() && !(other.get() instanceof Plan.Gathered)) {
            return rows(other.get(), OptionalInt.empty());
        }
        Plan.Gathered next = other.filter(Plan.Gathered.class::isInstance)
                .map(Plan.Gathered.class::cast)
                .orElse(gathered);
        return run(statements.gathered(whole(next))).rows();
    }

    private Plan rank(Estimates known, double matches) {
        Choice cheapest = Planner.rank(query, known, OptionalDouble.of(matches)).getFirst();
        limit.check(query, cheapest, spent);
        return cheapest.plan();
    }

    private List<Entity> walk(Plan.Walked chosen, OptionalInt seen) throws SQLException {
        Plan.Walked walked = chosen;
        List<Entity> rows = new ArrayList<>();
        if (!query.isPastValues()) {
            walked = statements.exact(walked);
            if (seen.isPresent() && seen.getAsInt() * 4 < query.wanted()) {
                Optional<Plan> instead = instead(walked, seen.getAsInt(), walked.window());
                if (instead.isPresent()) {
                    return rows(instead.get(), OptionalInt.empty());
                }
            }
            Optional<Walk.Place> after = statements.start(walked.walk());
            long looked = 0;
            int size = walked.window();
            while (true) {
                Rows found = run(statements.window(walked, after, size, query.wanted() - rows.size()));
                if (!found.plain() && walked.walk() instanceof Walk.ByKey walk) {
                    walked = PlanStatements.byFullText(walked, walk);
                    after = statements.start(walked.walk());
                    continue;
                }
                rows.addAll(found.rows());
                if (rows.size() >= query.wanted()) {
                    return rows;
                }
                after = windowEnd(walked.walk(), after, size);
                if (after.isEmpty()) {
                    break;
                }
                looked += size;
                spent += taken(walked, size);
                if (rows.size() * 4 < query.wanted()) {
                    Optional<Plan> instead = instead(walked, rows.size(), looked);
                    if (instead.isPresent()) {
                        return rows(instead.get(), OptionalInt.empty());
                    }
                }
                limit.check(query, walked, spent);
                requireTime();
                size = (int) Math.min(4L * size, LARGEST_WINDOW);
            }
        }
        if (!query.isMetByWalks()) {
            Property property = query.order().property().orElseThrow();
            PageQuery rest = query.without(property, query.wanted() - rows.size());
            PageRun run = new PageRun(session, rest, estimatesOf(rest), limit, remainingNanos, counter);
            rows.addAll(run.rows(run.plan(), OptionalInt.empty()));
        }
        return rows;
    }

    /** What a window has cost, in microseconds. */
    private double taken(Plan.Walked walked, int size) {
        if (walked.walk() instanceof Walk.Entities) {
            return size * Planner.SCANNED;
        }
        if (walked.within().isEmpty()) {
            return size * (Planner.ENTRY + Planner.LOOK_UP);
        }
        // Only of the entries within are documents looked up; what is within is hashed for each window.
        Gather within = walked.within().get();
        double share = estimates.map(known -> known.share(within)).orElse(1.0);
        double entries = estimates.map(known -> known.entries(within)).orElse(0.0);
        return entries * (Planner.ENTRY + Planner.SET_ENTRY)
                + size * (Planner.ENTRY + Planner.PROBE + share * Planner.LOOK_UP);
    }

    /** The same knowledge serves: a query for the rest speaks of no other attributes. */
    private Optional<Estimates> estimatesOf(PageQuery rest) {
        return estimates.filter(known -> known.covers(rest));
    }

    /** The best plan by what is known. */
    Plan plan() throws SQLException {
        if (estimates.isEmpty()) {
            return new Probing(session, query).plan();
        }
        Choice cheapest =
                Planner.rank(query, estimates.get(), OptionalDouble.empty()).getFirst();
        limit.check(query, cheapest, spent);
        return cheapest.plan();
    }

    /** Another plan, when a walk has met fewer rows than was expected; empty when going on is still the best. */
    private Optional<Plan> instead(Plan.Walked walked, int rows, long looked) throws SQLException {
        if (estimates.isEmpty()) {
            return new Probing(session, query).bounded();
        }
        if (changes == MOST_CHANGES) {
            return Optional.empty();
        }
        double length = estimates.get().length(walked.walk());
        double matches = Math.max(0.5, rows) * Math.max(1, length / looked);
        Plan next = rank(estimates.get(), matches);
        if (next instanceof Plan.Walked other
                && other.walk().getClass() == walked.walk().getClass()
                && other.within().equals(walked.within())) {
            return Optional.empty();
        }
        changes++;
        return Optional.of(next);
    }

    private void requireTime() {
        if (remainingNanos.getAsLong() <= 0) {
            throw Problem.of(ErrorCode.OVERLOADED, "the filter keeps too few rows for the time a read is given")
                    .hint("Filter by an attribute with fewer rows per value, or ask the analytics store.")
                    .asException();
        }
    }

    private Optional<Walk.Place> windowEnd(Walk walk, Optional<Walk.Place> after, int size) throws SQLException {
        counter.statement();
        try (PreparedStatement statement =
                        PageStatements.windowEnd(tenant(), walk, after, size).prepare(session);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(walk.place(row)) : Optional.empty();
        }
    }

    private Rows run(Sql page) throws SQLException {
        counter.count(session, page);
        try (PreparedStatement statement = page.prepare(session);
                ResultSet result = statement.executeQuery()) {
            return read(result, false);
        }
    }

    private static Rows read(ResultSet result, boolean withEnd) throws SQLException {
        List<Entity> rows = new ArrayList<>();
        boolean plain = true;
        boolean few = true;
        boolean ended = false;
        while (result.next()) {
            // By their places, since by name they would be searched for in each row.
            if (!result.getBoolean(EntityRows.WIDTH + 1)) {
                throw Filterable.notHere();
            }
            plain = result.getBoolean(EntityRows.WIDTH + 2);
            few = result.getBoolean(EntityRows.WIDTH + 3);
            ended = withEnd && result.getBoolean(EntityRows.WIDTH + 4);
            result.getLong(1);
            if (!result.wasNull()) {
                rows.add(EntityRows.readPicked(result));
            }
        }
        return new Rows(rows, plain, few, ended);
    }

    /** Cuts off the row that is one too many, and says where the next page begins. */
    static EntityPage page(PageQuery query, List<Entity> rows) {
        if (rows.size() < query.wanted()) {
            return new EntityPage(rows, Optional.empty());
        }
        List<Entity> page = rows.subList(0, query.wanted() - 1);
        Entity last = page.getLast();
        List<Optional<Value>> sortValues = query.sort().stream()
                .map(sort -> DocumentExpression.valueOf(last, sort.property()))
                .toList();
        return new EntityPage(page, Optional.of(new Cursor(sortValues, last.entityId())));
    }
}
