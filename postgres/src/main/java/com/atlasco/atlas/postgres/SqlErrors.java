package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/** Turns what the driver throws into problems that callers can act on. */
final class SqlErrors {

    private static final Set<String> TRANSACTION_CONFLICTS = Set.of("40001", "40P01");
    private static final String READ_ONLY = "25006";
    private static final String QUERY_CANCELED = "57014";

    private SqlErrors() {}

    /** Whether the same transaction may succeed when it is run again. */
    static boolean isConflict(SQLException exception) {
        return TRANSACTION_CONFLICTS.contains(state(exception));
    }

    /** Whether the server at the other end has become a standby, so that its connections are of no more use here. */
    static boolean isReadOnly(SQLException exception) {
        return READ_ONLY.equals(state(exception));
    }

    /** Whether the connection is gone, so that nobody knows what became of the last statement. */
    static boolean isUnreachable(SQLException exception) {
        return exception instanceof SQLTransientConnectionException || isUnreachable(state(exception));
    }

    static AtlasException translate(String database, SQLException exception) {
        String state = state(exception);
        if (isUnreachable(exception)) {
            return Problem.of(
                            ErrorCode.SOURCE_UNAVAILABLE,
                            "the database '%s' cannot be reached now (%s)".formatted(database, describe(exception)))
                    .hint("Try again shortly, or allow another source.")
                    .asException(exception);
        }
        if (READ_ONLY.equals(state)) {
            return Problem.of(
                            ErrorCode.SOURCE_UNAVAILABLE,
                            "the database '%s' takes no writes now: it is read-only".formatted(database))
                    .hint("Try again shortly: a failover may be under way.")
                    .asException(exception);
        }
        if (QUERY_CANCELED.equals(state)) {
            return Problem.of(ErrorCode.OVERLOADED, "the statement reached the time limit and was given up")
                    .hint("Narrow the filter, ask for fewer rows, or ask the analytics store.")
                    .asException(exception);
        }
        if (isConflict(exception) || state.startsWith("53")) {
            return Problem.of(
                            ErrorCode.OVERLOADED,
                            "the database '%s' is overloaded (SQLSTATE %s)".formatted(database, state))
                    .hint("Try again shortly.")
                    .asException(exception);
        }
        return Problem.of(
                        ErrorCode.INTERNAL,
                        "the database '%s' refused a statement (SQLSTATE %s)".formatted(database, state))
                .asException(exception);
    }

    /** Connection failures, shutdown and start-up of the server, and a login that a server in start-up refuses. */
    private static boolean isUnreachable(String state) {
        return state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("28")
                || state.equals("53300")
                || state.equals("3D000");
    }

    private static String state(SQLException exception) {
        return Optional.ofNullable(exception.getSQLState()).orElse("");
    }

    private static String describe(SQLException exception) {
        String state = state(exception);
        return state.isEmpty() ? "no connection came free in time" : "SQLSTATE " + state;
    }
}
