package com.atlasco.atlas.analytics.duckdb;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver unpacks its native library, some 60 MB, into the directory for temporary files each time that a process loads
 * it, and removes it when the process ends in order. Those that were killed leave theirs behind.
 */
final class UnpackedLibraries {

    private static final Logger LOG = LoggerFactory.getLogger(UnpackedLibraries.class);

    /** A process that has just unpacked its own may not have loaded it yet. One that is loaded needs its name no more. */
    private static final Duration LOADED_AFTER = Duration.ofMinutes(10);

    private UnpackedLibraries() {}

    /** Removes what is left there by processes that were killed; what cannot be removed stays. */
    static void sweep(Path directory, Instant now) {
        int removed = 0;
        try (DirectoryStream<Path> libraries = Files.newDirectoryStream(directory, "libduckdb_java*.so")) {
            for (Path library : libraries) {
                removed += remove(library, now) ? 1 : 0;
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            LOG.debug("{} could not be looked through", directory, unreadable);
        }
        if (removed > 0) {
            LOG.info("{} native libraries of earlier processes removed from {}", removed, directory);
        }
    }

    private static boolean remove(Path library, Instant now) {
        try {
            return Files.getLastModifiedTime(library).toInstant().isBefore(now.minus(LOADED_AFTER))
                    && Files.deleteIfExists(library);
        } catch (IOException notOurs) {
            LOG.debug("{} could not be removed", library, notOurs);
            return false;
        }
    }
}
