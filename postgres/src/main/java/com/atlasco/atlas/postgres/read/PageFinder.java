package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Serves one page. Which index to begin with is decided by looking: short probes count what each part of the filter
 * leads to, up to a cap.
 *
 * <ol>
 *   <li>A part that leads to few entities is fetched whole, and sorted.
 *   <li>Otherwise an index is walked in the order of the page, window by window, until the page is full: the sort
 *       property's; for the order of entity_id that of the sparsest equality, or the entities themselves.
 *   <li>When the first window does not fill the page, a part with a bounded number of entries is fetched whole after all.
 *   <li>Rows without the sort property come last; no index has them, so they are found by entity_id.
 * </ol>
 */
final class PageFinder {

    static final int FEW = 2_000;
    private static final int BOUNDED = 50_000;
    private static final int SMALLEST_WINDOW = 4_000;
    private static final int LARGEST_WINDOW = 256_000;

    private final Session session;
    private final long tenant;
    private final EntityQuery query;
    private final List<Driver> drivers;
    private final Set<Integer> pivoted;
    private final LongSupplier remainingNanos;

    PageFinder(Session session, TenantId tenant, EntityQuery query, LongSupplier remainingNanos) throws SQLException {
        this.session = session;
        this.tenant = tenant.value();
        this.query = query;
        this.drivers = Drivers.of(query.filter());
        this.pivoted = Filterable.attributes(session, tenant, query);
        this.remainingNanos = remainingNanos;
    }

    /** What a page begins with. */
    private sealed interface Shape {
        record FetchAll(Optional<Driver> driver) implements Shape {}

        record Walked(Walk walk) implements Shape {}
    }

    EntityPage page() throws SQLException {
        if (query.filter() instanceof Filter.Constant(boolean keeps) && !keeps) {
            return new EntityPage(List.of(), Optional.empty());
        }
        List<Entity> rows = switch (shape()) {
            case Shape.FetchAll(var driver) -> fetchAll(driver);
            case Shape.Walked(Walk walk) -> walk(walk);
        };
        if (rows.size() <= query.limit()) {
            return new EntityPage(rows, Optional.empty());
        }
        List<Entity> page = rows.subList(0, query.limit());
        Entity last = page.getLast();
        List<Optional<Value>> sortValues = query.sort().stream()
                .map(sort -> DocumentExpression.valueOf(last, sort.property()))
                .toList();
        return new EntityPage(page, Optional.of(new Cursor(sortValues, last.entityId())));
    }

    /** The plan in a line, and PostgreSQL's plan of the statement it begins with. */
    String explain() throws SQLException {
        Sql statement;
        String description;
        switch (shape()) {
            case Shape.FetchAll(var driver) -> {
                description = driver.map(each -> "fetch all that an index leads to, then sort: "
                                + each.scans().map(scan -> scan.key().column()).toList())
                        .orElse("read all entities, then sort");
                statement = PageStatements.fetchAll(
                        tenant, driver, query.filter(), query.sort(), query.after(), query.limit() + 1);
            }
            case Shape.Walked(Walk walk) -> {
                description = walk.description();
                statement = PageStatements.window(
                        tenant, walk, start(walk), firstWindow(), query.filter(), query.limit() + 1);
            }
        }
        StringBuilder text = new StringBuilder(description);
        try (PreparedStatement explain =
                        Sql.of("EXPLAIN ").append(guarded(statement)).prepare(session);
                ResultSet lines = explain.executeQuery()) {
            while (lines.next()) {
                text.append('\n').append(lines.getString(1));
            }
        }
        return text.toString();
    }

    private int firstWindow() {
        return Math.max(SMALLEST_WINDOW, 2 * (query.limit() + 1));
    }

    private boolean descending() {
        return SortKey.entityIdDescends(query.sort());
    }

    private Optional<Property> sortProperty() {
        return SortKey.beforeEntityId(query.sort()).stream()
                .map(SortKey::property)
                .findFirst();
    }

    /** Whether the order is one that indexes have: of one property, or of entity_id alone. */
    private boolean isWalkable() {
        List<SortKey> keys = SortKey.beforeEntityId(query.sort());
        return keys.isEmpty() || (keys.size() == 1 && keys.getFirst().descending() == descending());
    }

    private static Optional<Value> sortValue(Cursor cursor) {
        return cursor.sortValues().isEmpty()
                ? Optional.empty()
                : cursor.sortValues().getFirst();
    }

    /** Where a walk in the order of the page begins; rows without the sort property have a walk of their own. */
    private Optional<Walk.Place> start(Walk walk) {
        return query.after()
                .map(cursor -> new Walk.Place(
                        walk instanceof Walk.ByKey(IndexKey key, var _, boolean byFullText, var _)
                                ? sortValue(cursor).map(value -> byFullText ? fullText(value) : key.keyOf(value))
                                : Optional.empty(),
                        cursor.entityId()));
    }

    private static Object fullText(Value value) {
        return ((Value.TextValue) value).text();
    }

    private Shape shape() throws SQLException {
        Optional<Property> sort = sortProperty();
        Optional<IndexKey> sortKey = sort.flatMap(IndexKey::of);
        if (drivers.size() == 1 && isWalkable() && isInOrder(drivers.getFirst(), sort.isPresent(), sortKey)) {
            return new Shape.Walked(walkFor(sortKey, drivers));
        }
        List<Driver> sparsestFirst = drivers;
        if (!drivers.isEmpty()) {
            Probes probes = probe(FEW);
            if (probes.fewest().isPresent()) {
                return new Shape.FetchAll(probes.fewest());
            }
            sparsestFirst = probes.sparsestFirst();
        }
        if (!isWalkable() || (sort.isPresent() && sortKey.isEmpty())) {
            return new Shape.FetchAll(
                    drivers.isEmpty() ? Optional.empty() : probe(BOUNDED).fewest());
        }
        return new Shape.Walked(walkFor(sortKey, sparsestFirst));
    }

    private static boolean isInOrder(Driver driver, boolean sorted, Optional<IndexKey> sortKey) {
        return driver instanceof Driver.Scan scan
                && (sorted
                        ? sortKey.filter(scan.key()::equals).isPresent()
                        : !scan.singleValues().isEmpty());
    }

    private Walk walkFor(Optional<IndexKey> sortKey, List<Driver> sparsestFirst) throws SQLException {
        if (sortKey.isEmpty()) {
            return byId(sparsestFirst);
        }
        IndexKey key = sortKey.get();
        Optional<Driver.Scan> restriction = drivers.stream()
                .filter(Driver.Scan.class::isInstance)
                .map(Driver.Scan.class::cast)
                .filter(scan -> scan.key().equals(key))
                .findFirst();
        return new Walk.ByKey(key, restriction, key.isTextKey() && hasLongText(key), descending());
    }

    private Walk.ById byId(List<Driver> sparsestFirst) {
        for (Driver driver : sparsestFirst) {
            if (driver instanceof Driver.Scan scan && !scan.singleValues().isEmpty()) {
                return new Walk.ById(scan.singleValues(), Optional.empty(), descending());
            }
        }
        Optional<Driver> bounds = drivers.stream()
                .filter(driver ->
                        driver instanceof Driver.Scan scan && scan.key().equals(IndexKey.ENTITY_ID))
                .findFirst();
        return new Walk.ById(List.of(), bounds, descending());
    }

    private boolean hasLongText(IndexKey key) throws SQLException {
        boolean longCursor = query.after()
                .flatMap(PageFinder::sortValue)
                .filter(value -> !key.isExact(value))
                .isPresent();
        if (longCursor) {
            return true;
        }
        try (PreparedStatement statement = PageStatements.hasLongText(
                                tenant, key.attributeId().orElseThrow())
                        .prepare(session);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private Probes probe(int cap) throws SQLException {
        Optional<Walk.ById> order = sortProperty().isPresent()
                ? Optional.empty()
                : Optional.of(new Walk.ById(List.of(), Optional.empty(), descending()));
        Optional<Walk.Place> after = order.flatMap(this::start);
        try (PreparedStatement statement =
                        PageStatements.probe(tenant, drivers, order, after, cap).prepare(session);
                ResultSet rows = statement.executeQuery()) {
            return Probes.read(drivers, rows, cap, descending());
        }
    }

    private List<Entity> fetchAll(Optional<Driver> driver) throws SQLException {
        return run(PageStatements.fetchAll(
                tenant, driver, query.filter(), query.sort(), query.after(), query.limit() + 1));
    }

    private List<Entity> walk(Walk walk) throws SQLException {
        int wanted = query.limit() + 1;
        List<Entity> rows = new ArrayList<>();
        boolean pastValues = walk instanceof Walk.ByKey
                && query.after().filter(cursor -> sortValue(cursor).isEmpty()).isPresent();
        if (!pastValues) {
            Optional<Driver> instead = walk(walk, query.filter(), start(walk), wanted, rows);
            if (instead.isPresent()) {
                return fetchAll(instead);
            }
        }
        Optional<Property> optional = sortProperty().filter(Property.Attribute.class::isInstance);
        if (rows.size() < wanted && optional.isPresent()) {
            Walk.ById rest = byId(drivers);
            Filter missing = new Filter.And(List.of(query.filter(), new Filter.IsNull(optional.get())));
            Optional<Walk.Place> after = pastValues
                    ? query.after().map(cursor -> new Walk.Place(Optional.empty(), cursor.entityId()))
                    : Optional.empty();
            if (!Drivers.requires(query.filter(), optional.get())) {
                List<Entity> without = new ArrayList<>();
                Optional<Driver> instead = walk(rest, missing, after, wanted - rows.size(), without);
                if (instead.isPresent()) {
                    return fetchAll(instead);
                }
                addOthers(rows, without);
            }
        }
        return rows;
    }

    /** An entity that lost its value between two statements would otherwise be there twice. */
    private static void addOthers(List<Entity> rows, List<Entity> others) {
        Set<Long> known = new HashSet<>();
        rows.forEach(row -> known.add(row.entityId()));
        others.stream().filter(row -> !known.contains(row.entityId())).forEach(rows::add);
    }

    /** Adds up to so many rows; or names a driver whose entries are bounded, when the walk proves to be long. */
    private Optional<Driver> walk(Walk walk, Filter filter, Optional<Walk.Place> start, int wanted, List<Entity> rows)
            throws SQLException {
        Optional<Walk.Place> after = start;
        for (int size = firstWindow(); ; size = Math.min(size * 4, LARGEST_WINDOW)) {
            rows.addAll(run(PageStatements.window(tenant, walk, after, size, filter, wanted - rows.size())));
            if (rows.size() >= wanted) {
                return Optional.empty();
            }
            after = windowEnd(walk, after, size);
            if (after.isEmpty()) {
                return Optional.empty();
            }
            // A window that gave a quarter of the page promises the rest soon.
            if (size == firstWindow() && rows.size() * 4 < wanted && !drivers.isEmpty()) {
                Optional<Driver> bounded = probe(BOUNDED).fewest();
                if (bounded.isPresent()) {
                    return bounded;
                }
            }
            if (remainingNanos.getAsLong() <= 0) {
                throw Problem.of(ErrorCode.OVERLOADED, "the filter keeps too few rows for the time a read is given")
                        .hint("Filter by an attribute with fewer rows per value, or ask the analytics store.")
                        .asException();
            }
        }
    }

    private Optional<Walk.Place> windowEnd(Walk walk, Optional<Walk.Place> after, int size) throws SQLException {
        try (PreparedStatement statement =
                        PageStatements.windowEnd(tenant, walk, after, size).prepare(session);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(walk.place(row)) : Optional.empty();
        }
    }

    private Sql guarded(Sql page) {
        return pivoted.isEmpty() ? page : PageStatements.guarded(tenant, pivoted, page);
    }

    private List<Entity> run(Sql page) throws SQLException {
        List<Entity> rows = new ArrayList<>();
        try (PreparedStatement statement = guarded(page).prepare(session);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                if (!pivoted.isEmpty() && !result.getBoolean("ok")) {
                    throw Filterable.notHere();
                }
                result.getLong(1);
                if (!result.wasNull()) {
                    rows.add(EntityRows.read(result));
                }
            }
        }
        return rows;
    }
}
