package com.atlasco.atlas.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What an embedded PostgreSQL is started with.
 *
 * @param dataDirectory holds everything that must survive a restart; created when absent
 * @param progress receives one line per step that a person may wait for; called on the starting thread
 * @param extraSettings PostgreSQL settings by name, for both servers; they override the defaults. Settings that this
 *     module needs for itself (ports, paths, replication) are refused
 * @param replica whether there is a replica; one that an earlier start left stays where it is, and the primary keeps its
 *     log for it, up to max_slot_wal_keep_size
 */
public record EmbeddedOptions(
        Path dataDirectory, Consumer<String> progress, Map<String, String> extraSettings, boolean replica) {

    public EmbeddedOptions {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        extraSettings = Map.copyOf(extraSettings);
    }

    /** With a replica. */
    public EmbeddedOptions(Path dataDirectory, Consumer<String> progress, Map<String, String> extraSettings) {
        this(dataDirectory, progress, extraSettings, true);
    }

    /** Silent, with the default settings. */
    public static EmbeddedOptions of(Path dataDirectory) {
        return new EmbeddedOptions(dataDirectory, line -> {}, Map.of());
    }
}
