package com.atlasco.atlas.postgres.read;

import java.util.List;

/**
 * Entities that several drivers lead to at once, and others do not.
 *
 * @param includes at least one; the one with the fewest entries first
 */
record Gather(List<Driver> includes, List<Driver> excludes) {

    Gather {
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
    }

    /**
     * The ids, each once, in no order: a query with the column entity_id. Set operations, since PostgreSQL hashes these:
     * joins would be ordered by its guesses.
     *
     * @param restriction as in {@link Driver#entityIds}
     */
    Sql entityIds(long tenant, Sql restriction) {
        Sql ids = Sql.join(
                " INTERSECT ALL ",
                includes.stream()
                        .map(driver -> driver.entityIds(tenant, restriction).parenthesized())
                        .toList());
        for (Driver exclude : excludes) {
            ids = ids.parenthesized()
                    .append(" EXCEPT ALL ")
                    .append(exclude.entityIds(tenant, restriction).parenthesized());
        }
        return ids;
    }

    String description() {
        StringBuilder text = new StringBuilder(
                String.join(" and ", includes.stream().map(Driver::description).toList()));
        excludes.forEach(exclude -> text.append(" but not ").append(exclude.description()));
        return text.toString();
    }
}
