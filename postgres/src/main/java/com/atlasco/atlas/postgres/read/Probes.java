package com.atlasco.atlas.postgres.read;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What probing the drivers told.
 *
 * @param fewest the driver with the fewest entries, when they are fewer than the cap
 * @param sparsestFirst all of them; those whose first entries, as many as the cap, reach farthest come first
 */
record Probes(Optional<Driver> fewest, List<Driver> sparsestFirst) {

    private record Probe(Driver driver, long count, long reach) {}

    /** Reads the rows of {@link PageStatements#probe}. */
    static Probes read(List<Driver> drivers, ResultSet rows, int cap, boolean descending) throws SQLException {
        List<Probe> probes = new ArrayList<>();
        while (rows.next()) {
            probes.add(new Probe(drivers.get(rows.getInt(1)), rows.getLong(2), rows.getLong(3)));
        }
        Comparator<Probe> byReach = Comparator.comparingLong(Probe::reach);
        return new Probes(
                probes.stream()
                        .filter(probe -> probe.count < cap)
                        .min(Comparator.comparingLong(Probe::count))
                        .map(Probe::driver),
                probes.stream()
                        .sorted(descending ? byReach : byReach.reversed())
                        .map(Probe::driver)
                        .toList());
    }
}
