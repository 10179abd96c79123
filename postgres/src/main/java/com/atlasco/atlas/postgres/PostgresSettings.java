package com.atlasco.atlas.postgres;

import java.time.Duration;

/**
 * How to reach one PostgreSQL server.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}
 * @param user a role without BYPASSRLS, as {@link Migrations} creates it
 * @param poolSize the most connections that are open at once, at least 1
 * @param statementTimeout after which the server gives a statement up; at least a millisecond
 * @param applicationName shown in pg_stat_activity
 */
public record PostgresSettings(
        String jdbcUrl, String user, String password, int poolSize, Duration statementTimeout, String applicationName) {

    public PostgresSettings {
        if (poolSize < 1) {
            throw new IllegalArgumentException("a pool has at least one connection, not " + poolSize);
        }
        if (statementTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("a statement timeout is at least 1 ms, not " + statementTimeout);
        }
    }

    /** Everything but the password. */
    @Override
    public String toString() {
        return "PostgresSettings[%s, user=%s, poolSize=%d, statementTimeout=%s, applicationName=%s]"
                .formatted(jdbcUrl, user, poolSize, statementTimeout, applicationName);
    }
}
