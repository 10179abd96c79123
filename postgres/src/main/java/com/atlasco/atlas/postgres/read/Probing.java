package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Chooses without statistics, by looking: short probes count what each part of the filter leads to, up to a cap. A part
 * that leads to few entities is gathered; otherwise an index is walked in the order of the page.
 */
final class Probing {

    static final int FEW = 2_000;
    private static final int BOUNDED = 50_000;
    private static final int WINDOW = 4_000;

    private final Session session;
    private final PageQuery query;
    private final List<Driver> drivers;

    Probing(Session session, PageQuery query) {
        this.session = session;
        this.query = query;
        this.drivers =
                query.parts().stream().flatMap(part -> part.driver().stream()).toList();
    }

    Plan plan() throws SQLException {
        PageOrder order = query.order();
        if (drivers.size() == 1 && isInOrder(drivers.getFirst())) {
            return walk(drivers);
        }
        List<Driver> sparsestFirst = drivers;
        if (!drivers.isEmpty()) {
            Probes probes = probe(FEW);
            if (probes.fewest().isPresent()) {
                return gathered(probes.fewest().get());
            }
            sparsestFirst = probes.sparsestFirst();
        }
        if (!order.walkable()) {
            Optional<Plan> bounded = bounded();
            return bounded.isPresent() ? bounded.get() : new Plan.Everything(PageQuery.residual(query.parts()));
        }
        return walk(sparsestFirst);
    }

    /** A plan that reads a bounded number of documents; for when a walk proves to be long. */
    Optional<Plan> bounded() throws SQLException {
        return drivers.isEmpty() ? Optional.empty() : probe(BOUNDED).fewest().map(this::gathered);
    }

    private Plan gathered(Driver driver) {
        return new Plan.Gathered(
                new Gather(List.of(driver), List.of()), PageQuery.residual(query.parts()), Integer.MAX_VALUE);
    }

    private boolean isInOrder(Driver driver) {
        return driver instanceof Driver.Scan scan
                && (query.order().isById()
                        ? !scan.singleValues().isEmpty()
                        : query.order().index().filter(scan.key()::equals).isPresent());
    }

    private Plan walk(List<Driver> sparsestFirst) {
        Walk walk = query.order()
                .index()
                .<Walk>map(key -> new Walk.ByKey(
                        key,
                        drivers.stream()
                                .filter(Driver.Scan.class::isInstance)
                                .map(Driver.Scan.class::cast)
                                .filter(scan -> scan.key().equals(key))
                                .findFirst(),
                        false,
                        query.order().descending()))
                .orElseGet(() -> byId(sparsestFirst));
        return new Plan.Walked(
                walk, Optional.empty(), PageQuery.residual(query.parts()), Math.max(WINDOW, 2 * query.wanted()));
    }

    private Walk byId(List<Driver> sparsestFirst) {
        boolean descending = query.order().descending();
        for (Driver driver : sparsestFirst) {
            if (driver instanceof Driver.Scan scan && !scan.singleValues().isEmpty()) {
                return new Walk.ById(scan.singleValues(), descending);
            }
        }
        return new Walk.Entities(
                drivers.stream()
                        .filter(Driver.Scan.class::isInstance)
                        .map(Driver.Scan.class::cast)
                        .filter(scan -> scan.key().equals(IndexKey.ENTITY_ID))
                        .findFirst(),
                descending);
    }

    private Probes probe(int cap) throws SQLException {
        Optional<Boolean> byIdDescending =
                query.order().isById() ? Optional.of(query.order().descending()) : Optional.empty();
        try (PreparedStatement statement = PageStatements.probe(
                                query.tenant().value(), drivers, byIdDescending, query.after(), cap)
                        .prepare(session);
                ResultSet rows = statement.executeQuery()) {
            return Probes.read(drivers, rows, cap, query.order().descending());
        }
    }
}
