package com.atlasco.atlas.bench.filter;

import com.atlasco.atlas.model.Value;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** One way to ask for a page of entities. For one thread. */
interface Contender extends AutoCloseable {

    String name();

    /**
     * Gets ready to ask.
     *
     * @param after what a page that is not the first comes after
     */
    Question prepare(FilterCase filter, Optional<Place> after) throws IOException, SQLException;

    @Override
    void close() throws IOException, SQLException;

    /** Where a page ended. The sort value is empty in the order of entity_id. */
    record Place(Optional<Value> sortValue, long entityId) {}

    /** What can be asked again and again. */
    interface Question extends AutoCloseable {
        Answer ask() throws IOException, SQLException;

        @Override
        void close() throws SQLException;
    }

    /**
     * An answer.
     *
     * @param nanos from asking until all of it had come
     * @param page the ids in their order; empty when there was none
     * @param refusal why there was none
     */
    record Answer(long nanos, Optional<List<Long>> page, String refusal) {

        static Answer of(long nanos, List<Long> page) {
            return new Answer(nanos, Optional.of(page), "");
        }

        static Answer refused(long nanos, String refusal) {
            return new Answer(nanos, Optional.empty(), refusal);
        }
    }
}
