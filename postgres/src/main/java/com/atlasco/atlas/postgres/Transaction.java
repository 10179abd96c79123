package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * One transaction on one connection, committed together with the question for the position behind it.
 *
 * @param discard takes a connection that is of no more use
 */
record Transaction(Session session, Consumer<Connection> discard) {

    /**
     * Runs the work and commits; what fails before the commit leaves nothing behind.
     *
     * @param committing run between the two
     * @throws com.atlasco.atlas.model.AtlasException {@code outcome_unknown} when the connection broke during the commit
     */
    <T> Database.Committed<T> run(Sessions.Work<T> work, Runnable committing) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        Database.Committed<T> committed;
        try {
            T result = work.run(session);
            committing.run();
            committed = new Database.Committed<>(result, commit());
        } catch (SQLException | RuntimeException failure) {
            rollback(connection, failure);
            throw failure;
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException broken) {
            // Durable and answered: that the connection has come to its end since changes nothing about it.
            discard.accept(connection);
        }
        return committed;
    }

    /**
     * A commit that the server refused did not take place; one whose answer never came may have. One that comes with a
     * warning is not what was asked for: durable here, but not on the standby that it has to be durable on.
     */
    private Position commit() throws SQLException {
        // Asked for before: what fails in here may have taken place.
        session.systemId();
        try {
            Session.Commit commit = session.commit();
            if (commit.warning().isPresent()) {
                throw SqlErrors.outcomeUnknown(commit.warning().get());
            }
            return commit.position();
        } catch (SQLException failure) {
            if (SqlErrors.isUnreachable(failure)) {
                throw SqlErrors.outcomeUnknown(failure);
            }
            throw failure;
        }
    }

    private static void rollback(Connection connection, Exception failure) {
        try {
            connection.rollback();
            // Never after a rollback that failed: turning it on would commit.
            connection.setAutoCommit(true);
        } catch (SQLException second) {
            failure.addSuppressed(second);
        }
    }
}
