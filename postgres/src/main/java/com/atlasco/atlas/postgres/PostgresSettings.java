package com.atlasco.atlas.postgres;

import java.time.Duration;

/**
 * How to reach one PostgreSQL server.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}; with several hosts and
 *     {@code targetServerType=primary} connections go to whichever of them takes writes
 * @param user a role without BYPASSRLS, as {@link Migrations} creates it
 * @param poolSize the most connections that are open at once, at least 1
 * @param statementTimeout after which the server gives a statement up; at least a millisecond
 * @param deadline after which a piece of work has an answer, whatever the server does, the wait for a connection included; at
 *     least 100 ms. What callers wait before it is begun, as in the queue of a group commit, comes on top. For what writes it has to be shorter than the statement timeout: a server that waits for its
 *     synchronous standby would at that timeout report as committed what the standby lacks
 * @param applicationName shown in pg_stat_activity, behind {@code atlas} where it does not begin so
 */
public record PostgresSettings(
        String jdbcUrl,
        String user,
        String password,
        int poolSize,
        Duration statementTimeout,
        Duration deadline,
        String applicationName) {

    /** Beyond the statement timeout: a server that lives has given up by itself then. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    public PostgresSettings {
        if (poolSize < 1) {
            throw new IllegalArgumentException("a pool has at least one connection, not " + poolSize);
        }
        if (statementTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("a statement timeout is at least 1 ms, not " + statementTimeout);
        }
        if (deadline.toMillis() < 100) {
            throw new IllegalArgumentException("a deadline is at least 100 ms, not " + deadline);
        }
    }

    /** With a deadline just past the statement timeout, as is right for reads. */
    public PostgresSettings(
            String jdbcUrl,
            String user,
            String password,
            int poolSize,
            Duration statementTimeout,
            String applicationName) {
        this(jdbcUrl, user, password, poolSize, statementTimeout, statementTimeout.plus(GRACE), applicationName);
    }

    /** The same for what writes. */
    public PostgresSettings within(Duration newDeadline) {
        return new PostgresSettings(jdbcUrl, user, password, poolSize, statementTimeout, newDeadline, applicationName);
    }

    /** Everything but the password. */
    @Override
    public String toString() {
        return "PostgresSettings[%s, user=%s, poolSize=%d, statementTimeout=%s, deadline=%s, applicationName=%s]"
                .formatted(jdbcUrl, user, poolSize, statementTimeout, deadline, applicationName);
    }
}
