package com.atlasco.atlas.postgres;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Problem;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Turns what the driver throws into problems that callers can act on. */
final class SqlErrors {

    private static final Set<String> TRANSACTION_CONFLICTS = Set.of("40001", "40P01");
    private static final Set<String> DISK = Set.of("53100", "58030");
    private static final String READ_ONLY = "25006";
    private static final String QUERY_CANCELED = "57014";

    /** What only a standby can be asked was asked of a server that is none any more, or the other way round. */
    private static final String NOT_IN_THAT_STATE = "55000";

    // What a failure of each kind usually takes to pass: a place in the pool; a restart or a failover; somebody who
    // makes room.
    private static final Duration WHEN_BUSY = Duration.ofSeconds(1);
    private static final Duration WHEN_AWAY = Duration.ofSeconds(2);
    private static final Duration WHEN_SILENT = Duration.ofSeconds(5);
    private static final Duration WHEN_FULL = Duration.ofSeconds(15);

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

    /** Whether no connection came free, although the server lets us in: this node has more to do than it can. */
    static boolean isSaturated(SQLException exception) {
        return exception instanceof SQLTransientConnectionException
                && state(exception).isEmpty();
    }

    /** Whether no connection could be made at all. */
    static boolean isAway(SQLException exception) {
        return exception instanceof SQLTransientConnectionException
                && !state(exception).isEmpty();
    }

    /** Whether a connection that had been made broke. */
    static boolean isConnectionLost(SQLException exception) {
        return !(exception instanceof SQLTransientConnectionException) && isUnreachable(state(exception));
    }

    /** Whether the server at the other end is not the newest primary; nothing was asked of it. */
    static boolean isSuperseded(SQLException exception) {
        return exception instanceof Superseded;
    }

    static SQLException superseded(Session.Origin server) {
        return new Superseded(
                server.isStandby()
                        ? "the server is a standby"
                        : "timeline %d of system %d is not the newest that was met"
                                .formatted(server.timeline(), server.systemId()));
    }

    /** A server that was the primary once, or will be. */
    private static final class Superseded extends SQLException {
        private static final long serialVersionUID = 1;

        Superseded(String reason) {
            super(reason, READ_ONLY);
        }
    }

    static AtlasException translate(String database, SQLException exception) {
        String state = state(exception);
        if (exception.getCause() instanceof InterruptedException) {
            return Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "the service is stopping")
                    .hint("Nothing was written. Try again when it is back.")
                    .retryAfter(WHEN_SILENT)
                    .asException(exception);
        }
        if (isSaturated(exception)) {
            return Problem.of(
                            ErrorCode.OVERLOADED,
                            "no connection to the database '%s' came free in time".formatted(database))
                    .hint("Try again shortly, with fewer requests at once.")
                    .retryAfter(WHEN_BUSY)
                    .asException(exception);
        }
        if (isUnreachable(exception)) {
            return Problem.of(
                            ErrorCode.SOURCE_UNAVAILABLE,
                            "the database '%s' cannot be reached now (SQLSTATE %s)".formatted(database, state))
                    .hint("Try again shortly, or allow another source.")
                    .retryAfter(WHEN_AWAY)
                    .asException(exception);
        }
        if (READ_ONLY.equals(state)) {
            return Problem.of(
                            ErrorCode.SOURCE_UNAVAILABLE,
                            "the database '%s' takes no writes now: it is read-only".formatted(database))
                    .hint("Try again shortly: a failover may be under way.")
                    .retryAfter(WHEN_AWAY)
                    .asException(exception);
        }
        if (NOT_IN_THAT_STATE.equals(state)) {
            return Problem.of(
                            ErrorCode.SOURCE_UNAVAILABLE,
                            "the database '%s' has changed its part: it was promoted, or is being recovered"
                                    .formatted(database))
                    .hint("Try again shortly, or allow another source.")
                    .retryAfter(WHEN_AWAY)
                    .asException(exception);
        }
        if (DISK.contains(state)) {
            return Problem.of(
                            ErrorCode.SOURCE_UNAVAILABLE,
                            "the database '%s' takes no writes now: its disk is full or failing (SQLSTATE %s)"
                                    .formatted(database, state))
                    .hint("Nothing was written. Try again when its operator has made room.")
                    .retryAfter(WHEN_FULL)
                    .asException(exception);
        }
        if (QUERY_CANCELED.equals(state)) {
            return Problem.of(ErrorCode.OVERLOADED, "the statement reached the time limit and was given up")
                    .hint("Narrow the filter, ask for fewer rows, or ask the analytics store.")
                    .retryAfter(WHEN_BUSY)
                    .asException(exception);
        }
        if (isConflict(exception) || state.startsWith("53")) {
            return Problem.of(
                            ErrorCode.OVERLOADED,
                            "the database '%s' is overloaded (SQLSTATE %s)".formatted(database, state))
                    .hint("Try again shortly.")
                    .retryAfter(WHEN_BUSY)
                    .asException(exception);
        }
        return Problem.of(
                        ErrorCode.INTERNAL,
                        "the database '%s' refused a statement (SQLSTATE %s)".formatted(database, state))
                .asException(exception);
    }

    /** The server was asked and did not answer by the deadline; what it was asked was given up. */
    static AtlasException silent(String database, Duration deadline, Throwable cause) {
        return Problem.of(
                        ErrorCode.SOURCE_UNAVAILABLE,
                        "the database '%s' did not answer within %d ms, and the request was given up"
                                .formatted(database, deadline.toMillis()))
                .hint("Try again shortly, or allow another source.")
                .retryAfter(WHEN_SILENT)
                .asException(cause);
    }

    /** Others wait for the server in vain already. */
    static AtlasException turnedAway(String database) {
        return Problem.of(
                        ErrorCode.SOURCE_UNAVAILABLE,
                        "the database '%s' does not answer now, and was not asked".formatted(database))
                .hint("Nothing was written. Try again shortly.")
                .retryAfter(WHEN_AWAY)
                .asException();
    }

    static AtlasException outcomeUnknown(SQLException failure) {
        return Problem.of(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "the connection to the primary broke, or it did not answer in time, while the write was being"
                                + " made durable: it may have taken place")
                .hint("Send it again with the same Idempotency-Key, or read the entity to see. A write that names its"
                        + " entity_id may be sent again.")
                .asException(failure);
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
}
