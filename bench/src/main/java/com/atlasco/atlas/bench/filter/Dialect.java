package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.bench.inventory.PeerTable;
import java.util.Optional;

/** How the same is asked of one of the hand-made tables. */
interface Dialect {

    PeerTable table();

    /** The page: entity_id first, then what filter and order look at. */
    SqlText page(FilterCase filter, Optional<Contender.Place> after);

    /** The words that follow a column in the order of a page, and between it and the place that the page comes after. */
    static boolean descending(FilterCase filter) {
        return filter.sort().map(FilterCase.Sort::descending).orElse(false);
    }

    static SqlText after(FilterCase filter, Contender.Place place, String sortColumn, String idColumn, Object value) {
        String beyond = descending(filter) ? " < " : " > ";
        return filter.sort().isPresent()
                ? new SqlText()
                        .append("(" + sortColumn + ", " + idColumn + ")" + beyond + "(?, ?)", value, place.entityId())
                : new SqlText().append(idColumn + beyond + "?", place.entityId());
    }

    static String order(FilterCase filter, String sortColumn, String idColumn) {
        String direction = descending(filter) ? " DESC" : "";
        return " ORDER BY "
                + (filter.sort().isPresent() ? sortColumn + direction + ", " : "")
                + idColumn
                + direction
                + " LIMIT "
                + FilterCase.PAGE;
    }
}
