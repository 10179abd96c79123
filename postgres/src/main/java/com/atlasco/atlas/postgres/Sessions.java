package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.AtlasException;
import java.sql.SQLException;

/** Lends sessions of one server. Thread-safe. */
public interface Sessions {

    /** What is done with a session. */
    @FunctionalInterface
    interface Work<T> {
        T run(Session session) throws SQLException;
    }

    /**
     * Runs statements that see no rows of any tenant, each its own transaction. The work may be run again on another
     * connection, so it only reads, or writes what may be written twice.
     *
     * @throws AtlasException {@code source_unavailable} when the server cannot be reached, takes no writes, or does not
     *     answer by the deadline; {@code overloaded} after the statement timeout
     */
    <T> T run(Work<T> work);
}
