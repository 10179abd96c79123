package com.atlasco.atlas.server;

import com.atlasco.atlas.postgres.write.IdempotencyRetention;
import com.atlasco.atlas.postgres.write.WriteSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a node of the service runs on.
 *
 * @param http where it listens
 * @param primary the PostgreSQL primary
 * @param replica its streaming replica; without one, reads that would go there go to the primary
 * @param analytics the columnar store
 * @param writes what writes keep to
 * @param access who is let in
 */
public record AtlasConfig(
        HttpConfig http,
        PostgresTier primary,
        Optional<PostgresTier> replica,
        DuckDbConfig analytics,
        WriteConfig writes,
        AccessConfig access) {

    /** With {@link WriteConfig#defaults}, in development mode: on the loopback, without keys. */
    public AtlasConfig(HttpConfig http, PostgresTier primary, Optional<PostgresTier> replica, DuckDbConfig analytics) {
        this(http, primary, replica, analytics, WriteConfig.defaults(), new AccessConfig(false, Optional.empty()));
    }

    /**
     * What writes keep to.
     *
     * @param maxEntityBytes what an entity may take at most, in bytes of its encoded document
     * @param idempotencyRetention how long keys are remembered at least; positive
     */
    public record WriteConfig(int maxEntityBytes, Duration idempotencyRetention) {

        /** 1 MiB and 24 hours. */
        public static WriteConfig defaults() {
            return new WriteConfig(WriteSettings.DEFAULT_MAX_ENTITY_BYTES, IdempotencyRetention.DEFAULT);
        }
    }

    /**
     * Who is let in.
     *
     * @param keysRequired whether every request needs a key; otherwise the node listens on the loopback only
     * @param operatorKey the key for the administration of tenants: 32 to 500 visible ASCII characters
     */
    public record AccessConfig(boolean keysRequired, Optional<String> operatorKey) {

        /** Without the key. */
        @Override
        public String toString() {
            return "AccessConfig[keysRequired=%s, operatorKey %s]"
                    .formatted(keysRequired, operatorKey.isPresent() ? "set" : "missing");
        }
    }

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
