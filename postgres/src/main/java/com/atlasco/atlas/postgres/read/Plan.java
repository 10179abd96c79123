package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.query.filter.Filter;
import java.util.Optional;

/** A way to find a page. */
sealed interface Plan {

    String description();

    /**
     * Follows an order, and stops when the page is full.
     *
     * @param within only these
     * @param residual what documents are asked
     * @param window how many entries are looked at before it is judged whether this was a good idea
     */
    record Walked(Walk walk, Optional<Gather> within, Filter residual, int window) implements Plan {
        @Override
        public String description() {
            return walk.description()
                    + within.map(gather -> ", only of " + gather.description()).orElse("");
        }
    }

    /**
     * Gathers all entities that indexes lead to, and puts them in order.
     *
     * @param most how many are gathered before it is judged whether this was a good idea; for pages in another order than
     *     that of entity_id, which need all documents
     */
    record Gathered(Gather gather, Filter residual, int most) implements Plan {
        @Override
        public String description() {
            return "gather " + gather.description();
        }
    }

    /** Reads all documents and sorts what the filter keeps. */
    record Everything(Filter residual) implements Plan {
        @Override
        public String description() {
            return "read all documents, then sort";
        }
    }
}
