package com.atlasco.atlas.bench.aggregate;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** One way to compute aggregates. For one thread. */
interface Contender extends AutoCloseable {

    String name();

    /** Gets ready to ask. */
    Question prepare(AggregateCase aggregate) throws IOException, SQLException;

    @Override
    void close() throws IOException, SQLException;

    /** What can be asked again and again. */
    interface Question extends AutoCloseable {
        Answer ask() throws IOException, SQLException;

        @Override
        void close() throws SQLException;
    }

    /**
     * @param nanos from asking until all of the answer had come
     * @param groups empty when it was cut
     */
    record Answer(long nanos, Optional<Groups> groups) {}
}
