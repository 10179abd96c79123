package com.atlasco.atlas.embedded;

/**
 * Where a server listens and how to log in.
 *
 * @param host always a loopback address
 * @param port 1 to 65535
 * @param superuser the role that owns the database
 * @param password of the superuser; letters and digits only. {@link #toString()} leaves it out
 */
public record PostgresEndpoint(String host, int port, String database, String superuser, String password) {

    /** The address for the PostgreSQL JDBC driver; user and password are to be passed beside it. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    @Override
    public String toString() {
        return superuser + "@" + host + ":" + port + "/" + database;
    }
}
