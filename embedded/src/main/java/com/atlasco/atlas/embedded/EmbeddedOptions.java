package com.atlasco.atlas.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What an embedded PostgreSQL is started with.
 *
 * @param dataDirectory holds everything that must survive a restart; created when absent
 * @param progress receives one line per step that a person may wait for, on the starting thread; later, from another
 *     thread, a line when a server ended and when it is back
 * @param extraSettings PostgreSQL settings by name, for both servers; they override the defaults. Settings that this
 *     module needs for itself (ports, paths, replication) are refused
 * @param synchronousReplication whether a commit waits until a replica has it on its disk too, the first one as long as it
 *     is there: then a failover loses nothing that was acknowledged, and while all replicas are away nothing is
 *     acknowledged
 * @param replicas how many replicas there are, 0 to {@value #MOST_REPLICAS}; one more that an earlier start left stays where
 *     it is, and the primary keeps its log for it, up to max_slot_wal_keep_size
 */
public record EmbeddedOptions(
        Path dataDirectory,
        Consumer<String> progress,
        Map<String, String> extraSettings,
        boolean synchronousReplication,
        int replicas) {

    /** The servers have connections for so many, change capture and a copy. */
    public static final int MOST_REPLICAS = 7;

    public EmbeddedOptions {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        extraSettings = Map.copyOf(extraSettings);
        if (replicas < 0 || replicas > MOST_REPLICAS) {
            throw new EmbeddedPostgresException(
                    "There are 0 to %d replicas, not %d. Choose a number of these.".formatted(MOST_REPLICAS, replicas));
        }
        if (synchronousReplication && replicas == 0) {
            throw new EmbeddedPostgresException("Without a replica no commit can wait for one: every write would hang."
                    + " Start with a replica, or without synchronous replication.");
        }
    }

    /** With one replica. */
    public EmbeddedOptions(
            Path dataDirectory,
            Consumer<String> progress,
            Map<String, String> extraSettings,
            boolean synchronousReplication) {
        this(dataDirectory, progress, extraSettings, synchronousReplication, 1);
    }

    /** With one replica and asynchronous replication. */
    public EmbeddedOptions(Path dataDirectory, Consumer<String> progress, Map<String, String> extraSettings) {
        this(dataDirectory, progress, extraSettings, false, 1);
    }

    /** Silent, with the default settings. */
    public static EmbeddedOptions of(Path dataDirectory) {
        return new EmbeddedOptions(dataDirectory, line -> {}, Map.of());
    }
}
