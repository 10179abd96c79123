package com.atlasco.atlas.server;

import com.atlasco.atlas.analytics.duckdb.PromotionSettings;
import com.atlasco.atlas.postgres.read.PostgresSource;
import com.atlasco.atlas.postgres.write.IdempotencyRetention;
import com.atlasco.atlas.postgres.write.WriteSettings;
import com.atlasco.atlas.server.alert.AlertConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a node of the service runs on.
 *
 * @param http where it listens
 * @param primary the PostgreSQL primary
 * @param replicas its streaming replicas, called replica, replica-2 … in this order; without one, reads that would go there
 *     go to the primary
 * @param analytics the columnar store, fed by change capture; without one there is no capture, and reads that would go
 *     there go where the router sends them instead
 * @param writes what writes keep to
 * @param access who is let in
 * @param reads what reads keep to
 * @param verify whether the node compares its tiers by itself
 * @param alerts which alerts it has, and who is told
 */
public record AtlasConfig(
        HttpConfig http,
        PostgresTier primary,
        List<PostgresTier> replicas,
        Optional<DuckDbConfig> analytics,
        WriteConfig writes,
        AccessConfig access,
        ReadConfig reads,
        VerifyConfig verify,
        AlertConfig alerts) {

    public AtlasConfig {
        replicas = List.copyOf(replicas);
    }

    /** With one replica or none. */
    public AtlasConfig(
            HttpConfig http,
            PostgresTier primary,
            Optional<PostgresTier> replica,
            Optional<DuckDbConfig> analytics,
            WriteConfig writes,
            AccessConfig access,
            ReadConfig reads,
            VerifyConfig verify,
            AlertConfig alerts) {
        this(http, primary, replica.stream().toList(), analytics, writes, access, reads, verify, alerts);
    }

    /** The replicas by their names, in their order. */
    public Map<String, PostgresTier> namedReplicas() {
        Map<String, PostgresTier> named = new LinkedHashMap<>();
        for (PostgresTier replica : replicas) {
            named.put(named.isEmpty() ? "replica" : "replica-" + (named.size() + 1), replica);
        }
        return Collections.unmodifiableMap(named);
    }

    /** How many requests run at once where nothing is chosen. */
    public static final int DEFAULT_MAX_REQUESTS = 1_000;

    /** With {@link AlertConfig#defaults}. */
    public AtlasConfig(
            HttpConfig http,
            PostgresTier primary,
            Optional<PostgresTier> replica,
            Optional<DuckDbConfig> analytics,
            WriteConfig writes,
            AccessConfig access,
            ReadConfig reads,
            VerifyConfig verify) {
        this(http, primary, replica, analytics, writes, access, reads, verify, AlertConfig.defaults());
    }

    /** With {@link VerifyConfig#onRequest}. */
    public AtlasConfig(
            HttpConfig http,
            PostgresTier primary,
            Optional<PostgresTier> replica,
            Optional<DuckDbConfig> analytics,
            WriteConfig writes,
            AccessConfig access,
            ReadConfig reads) {
        this(http, primary, replica, analytics, writes, access, reads, VerifyConfig.onRequest());
    }

    /** With {@link ReadConfig#defaults}. */
    public AtlasConfig(
            HttpConfig http,
            PostgresTier primary,
            Optional<PostgresTier> replica,
            Optional<DuckDbConfig> analytics,
            WriteConfig writes,
            AccessConfig access) {
        this(http, primary, replica, analytics, writes, access, ReadConfig.defaults());
    }

    /** With {@link WriteConfig#defaults}, in development mode: on the loopback, without keys. */
    public AtlasConfig(
            HttpConfig http, PostgresTier primary, Optional<PostgresTier> replica, Optional<DuckDbConfig> analytics) {
        this(http, primary, replica, analytics, WriteConfig.defaults(), new AccessConfig(false, Optional.empty()));
    }

    /**
     * What reads keep to.
     *
     * @param costLimit what an operational query may be expected to take on the machine that costs were measured on;
     *     positive
     * @param cacheBytes what the cache of entities may take in memory, about; 0 for no cache
     */
    public record ReadConfig(Duration costLimit, long cacheBytes) {

        /** What the cache takes where nothing is chosen: 64 MiB. */
        public static final long DEFAULT_CACHE_BYTES = 64L << 20;

        public ReadConfig {
            if (cacheBytes < 0) {
                throw new IllegalArgumentException("a cache takes 0 bytes or more, not " + cacheBytes);
            }
            if (!costLimit.isPositive()) {
                throw new IllegalArgumentException("a cost limit is positive, not " + costLimit);
            }
        }

        /** 2 seconds and 64 MiB. */
        public static ReadConfig defaults() {
            return cached(DEFAULT_CACHE_BYTES);
        }

        /** The defaults but for the size of the cache. */
        public static ReadConfig cached(long cacheBytes) {
            return new ReadConfig(PostgresSource.DEFAULT_COST_LIMIT, cacheBytes);
        }
    }

    /**
     * When tiers are compared.
     *
     * @param continuously whether the node does it by itself, over and over and at little cost; on request it always does
     * @param between how long it rests before each pass; positive
     */
    public record VerifyConfig(boolean continuously, Duration between) {

        public VerifyConfig {
            if (!between.isPositive()) {
                throw new IllegalArgumentException("a rest is positive, not " + between);
            }
        }

        /** On request only. */
        public static VerifyConfig onRequest() {
            return new VerifyConfig(false, Duration.ofSeconds(30));
        }

        /** Over and over, with half a minute before each pass. */
        public static VerifyConfig always() {
            return new VerifyConfig(true, Duration.ofSeconds(30));
        }
    }

    /**
     * What writes keep to.
     *
     * @param maxEntityBytes what an entity may take at most, in bytes of its encoded document
     * @param idempotencyRetention how long keys are remembered at least; positive
     * @param deadline after which a write is answered whatever the primary does; from 100 ms, and less than the 30 s
     *     after which the primary gives a statement up
     */
    public record WriteConfig(int maxEntityBytes, Duration idempotencyRetention, Duration deadline) {

        /** The deadline where none is chosen. */
        public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

        public WriteConfig {
            if (deadline.toMillis() < 100 || deadline.compareTo(AtlasServer.STATEMENT_TIMEOUT) >= 0) {
                throw new IllegalArgumentException("a write deadline is from 100 ms to less than "
                        + AtlasServer.STATEMENT_TIMEOUT + ", not " + deadline);
            }
        }

        /** 1 MiB, 24 hours and 5 seconds. */
        public static WriteConfig defaults() {
            return within(DEFAULT_DEADLINE);
        }

        /** The defaults but for the deadline. */
        public static WriteConfig within(Duration deadline) {
            return new WriteConfig(WriteSettings.DEFAULT_MAX_ENTITY_BYTES, IdempotencyRetention.DEFAULT, deadline);
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
     * @param maxRequests how many requests run at once, at least 1; what is more is answered 503. Health, status and
     *     metrics are not counted
     */
    public record HttpConfig(String host, int port, int maxRequests) {

        public HttpConfig {
            if (maxRequests < 1) {
                throw new IllegalArgumentException("at least 1 request runs at once, not " + maxRequests);
            }
        }

        /** With the default limit. */
        public HttpConfig(String host, int port) {
            this(host, port, DEFAULT_MAX_REQUESTS);
        }
    }

    /** Where a server listens. */
    public record Address(String host, int port) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * A PostgreSQL server.
     *
     * @param adminUser may create roles and tables, and read the log; used for migrations and for change capture
     * @param displayUser the user named to people in the status, who can look at the data with it
     * @param successors where the primary may be after a failover; connections go to whichever server takes writes
     */
    public record PostgresTier(
            String host,
            int port,
            String database,
            String adminUser,
            String adminPassword,
            String displayUser,
            List<Address> successors) {

        public PostgresTier {
            successors = List.copyOf(successors);
        }

        /** One server that nobody takes over from. */
        public PostgresTier(
                String host, int port, String database, String adminUser, String adminPassword, String displayUser) {
            this(host, port, database, adminUser, adminPassword, displayUser, List.of());
        }

        public String jdbcUrl() {
            String servers = Stream.concat(Stream.of(new Address(host, port)), successors.stream())
                    .map(Address::toString)
                    .collect(Collectors.joining(","));
            return "jdbc:postgresql://%s/%s%s"
                    .formatted(servers, database, successors.isEmpty() ? "" : "?targetServerType=primary");
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
     * @param resyncAfterFailover whether a store that knows more than a primary that took over is filled anew by itself;
     *     otherwise capture waits for somebody's word
     * @param historyRetention how long the history is kept at least; zero for ever
     * @param promotion how attributes are chosen for columns of their own
     */
    public record DuckDbConfig(
            Path file, boolean resyncAfterFailover, Duration historyRetention, PromotionSettings promotion) {

        /** The retention where none is chosen: a year and a month, so that a month can be compared with the year before. */
        public static final Duration DEFAULT_HISTORY_RETENTION = Duration.ofDays(400);

        public DuckDbConfig {
            if (historyRetention.isNegative()) {
                throw new IllegalArgumentException("the retention is not negative, as " + historyRetention + " is");
            }
        }

        /** One that waits for somebody's word, 400 days of history, {@link PromotionSettings#defaults}. */
        public DuckDbConfig(Path file) {
            this(file, false, DEFAULT_HISTORY_RETENTION, PromotionSettings.defaults());
        }

        /**
         * The defaults of promotion but for its limit.
         *
         * @param promoted attributes of a tenant that get columns unasked at most; 0 for none
         */
        public DuckDbConfig(Path file, boolean resyncAfterFailover, Duration historyRetention, int promoted) {
            this(file, resyncAfterFailover, historyRetention, PromotionSettings.upTo(promoted));
        }
    }
}
