package com.atlasco.atlas.embedded;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Composes the text of postgresql.conf; it is written anew at each start. */
final class ServerSettings {

    private static final String REPLICA_NAME = "atlas_replica";

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");
    private static final Set<String> RESERVED = Set.of(
            "port",
            "listen_addresses",
            "unix_socket_directories",
            "data_directory",
            "config_file",
            "hba_file",
            "ident_file",
            "external_pid_file",
            "hot_standby",
            "password_encryption",
            "primary_conninfo",
            "primary_slot_name",
            "synchronous_standby_names",
            "synchronous_commit",
            "sync_replication_slots");

    private final Memory memory;
    private final Disk disk;
    private final Map<String, String> extraSettings;
    private final boolean synchronous;
    private final int replicas;

    /** Throws {@link EmbeddedPostgresException} for an extra setting that is malformed or not the caller's to make. */
    ServerSettings(Memory memory, Disk disk, Map<String, String> extraSettings, boolean synchronous, int replicas) {
        extraSettings.keySet().forEach(ServerSettings::check);
        this.synchronous = synchronous;
        this.replicas = replicas;
        this.memory = memory;
        this.disk = disk;
        this.extraSettings = extraSettings;
    }

    private static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new EmbeddedPostgresException(
                    "The PostgreSQL setting '" + name
                            + "' is not a name of lower-case letters, digits and underscores. Correct it in the extra settings.");
        }
        if (RESERVED.contains(name)) {
            throw new EmbeddedPostgresException("The PostgreSQL setting '" + name
                    + "' is chosen by the embedded launcher. Remove it from the extra settings.");
        }
    }

    String primary(int port, DataLayout layout) {
        Map<String, String> settings = shared(port, "primary", layout);
        if (synchronous) {
            settings.put(
                    "synchronous_standby_names",
                    IntStream.rangeClosed(1, replicas)
                            .mapToObj(ServerSettings::replicaName)
                            .collect(Collectors.joining(", ", "FIRST 1 (", ")")));
        }
        return render(settings);
    }

    /** The name of a replica's slot and of its connection to the primary; the first has number 1. */
    static String replicaName(int number) {
        return number == 1 ? REPLICA_NAME : REPLICA_NAME + "_" + number;
    }

    String replica(int number, int port, PostgresEndpoint primary, DataLayout layout) {
        Map<String, String> settings = shared(port, DataLayout.replicaName(number), layout);
        settings.put(
                "primary_conninfo",
                "host=%s port=%d dbname=%s user=%s password=%s application_name=%s sslmode=disable gssencmode=disable connect_timeout=5"
                        .formatted(
                                primary.host(),
                                primary.port(),
                                primary.database(),
                                primary.superuser(),
                                primary.password(),
                                replicaName(number)));
        settings.put("primary_slot_name", replicaName(number));
        // Change capture's slot is kept here too, and is there when this one is promoted.
        settings.put("sync_replication_slots", "on");
        return render(settings);
    }

    private Map<String, String> shared(int port, String role, DataLayout layout) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", EmbeddedPostgres.HOST);
        settings.put("port", Integer.toString(port));
        // A path under the data directory may be longer than the 107 bytes a socket's name can have.
        settings.put("unix_socket_directories", "");
        settings.put("max_connections", "200");
        settings.put("password_encryption", "scram-sha-256");

        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("wal_level", "logical");
        // The binaries are built without lz4 and zstd, and pglz takes 350 µs for a page: docs/decisions/0016.
        settings.put("wal_compression", "off");
        settings.put("max_wal_size", disk.longestLog());
        settings.put("checkpoint_timeout", "15min");
        settings.put("checkpoint_completion_target", "0.9");
        settings.put("track_commit_timestamp", "on");

        settings.put("max_wal_senders", "10");
        settings.put("max_replication_slots", "10");
        settings.put("max_slot_wal_keep_size", disk.longestLogKept());
        settings.put("hot_standby", "on");
        settings.put("hot_standby_feedback", "on");
        settings.put("wal_receiver_status_interval", "1s");
        // The default of 5 s would be the wait for a primary that is just starting.
        settings.put("wal_retrieve_retry_interval", "250ms");
        settings.put("max_standby_streaming_delay", "30s");

        settings.put("shared_buffers", memory.sharedBuffers(1 + replicas));
        settings.put("effective_cache_size", memory.effectiveCacheSize());
        settings.put("dynamic_shared_memory_type", memory.dynamicSharedMemoryType());
        // The binaries are built without io_uring.
        settings.put("io_method", "worker");
        settings.put("effective_io_concurrency", "64");
        settings.put("random_page_cost", "1.1");
        settings.put("jit", "off");

        // The defaults (a fifth of the table) would let a table of 100 million rows gather 20 million dead ones.
        settings.put("autovacuum", "on");
        // Statistics soon after a table has begun to grow; with the default of a minute writers would be planned for
        // empty tables that long.
        settings.put("autovacuum_naptime", "5s");
        settings.put("autovacuum_vacuum_scale_factor", "0.02");
        settings.put("autovacuum_vacuum_insert_scale_factor", "0.05");
        settings.put("autovacuum_vacuum_cost_limit", "1000");

        settings.put("idle_in_transaction_session_timeout", "60s");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        settings.put("lc_messages", "C");
        settings.put("lc_monetary", "C");
        settings.put("lc_numeric", "C");
        settings.put("lc_time", "C");

        settings.put("logging_collector", "on");
        settings.put("log_directory", layout.logs().toString());
        settings.put("log_filename", role + "-%a.log");
        settings.put("log_rotation_age", "1d");
        settings.put("log_rotation_size", "0");
        settings.put("log_truncate_on_rotation", "on");
        settings.put("log_min_duration_statement", "-1");
        settings.put("log_line_prefix", "%m [%p] %q%a ");
        settings.putAll(extraSettings);
        return settings;
    }

    private static String render(Map<String, String> settings) {
        StringBuilder text = new StringBuilder("# Written by Atlas at each start; changes made here are lost.\n");
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("\\", "\\\\").replace("'", "''"))
                .append("'\n"));
        return text.toString();
    }
}
