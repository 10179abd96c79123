package com.atlasco.atlas.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a node of the service runs on.
 *
 * @param http where it listens
 * @param primary the PostgreSQL primary
 * @param replica its streaming replica; without one, reads that would go there go to the primary
 * @param analytics the columnar store, fed by change capture; without one there is no capture, and reads that would go
 *     there go where the router sends them instead
 */
public record AtlasConfig(
        HttpConfig http, PostgresTier primary, Optional<PostgresTier> replica, Optional<DuckDbConfig> analytics) {

    /**
     * Where the node listens.
     *
     * @param port 0 takes any free one
     */
    public record HttpConfig(String host, int port) {}

    /**
     * A PostgreSQL server.
     *
     * @param adminUser may create roles and tables, and read the log; used for migrations and for change capture
     * @param displayUser the user named to people in the status, who can look at the data with it
     */
    public record PostgresTier(
            String host, int port, String database, String adminUser, String adminPassword, String displayUser) {

        public String jdbcUrl() {
            return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "PostgresTier[%s@%s:%d/%s]".formatted(adminUser, host, port, database);
        }
    }

    /**
     * The embedded columnar store.
     *
     * @param file the database file; its directory exists
     */
    public record DuckDbConfig(Path file) {}
}
