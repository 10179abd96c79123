package com.atlasco.atlas.analytics.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What to do with a file that cannot be read any more: it is put aside, and a new one filled from the primary. DuckDB
 * finds damage when it reads a block, so it may be met long after the file was opened; a mark beside the file keeps the
 * news for the next start.
 */
final class DamagedFile {

    private static final Logger LOG = LoggerFactory.getLogger(DamagedFile.class);

    private static final String OTHER_LAYOUT = "the layout is of another release";

    // There is no code for it, only words. A file that is no database at all may be somebody else's, and is left alone.
    private static final List<String> SIGNS = List.of(
            "Corrupt database file",
            "Could not read enough bytes",
            "Failure while replaying WAL",
            "Corrupt WAL",
            OTHER_LAYOUT);

    private final Path file;

    DamagedFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** Whether a failure says that what the file holds is not what was written. */
    static boolean isCause(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = String.valueOf(each.getMessage());
            if (each instanceof SQLException && SIGNS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }

    /** A file that another release wrote serves no better. */
    static SQLException otherLayout(int found, int wanted) {
        return new SQLException("%s: it is %d, and %d is wanted".formatted(OTHER_LAYOUT, found, wanted));
    }

    boolean isMarked() {
        return Files.exists(mark());
    }

    /** Keeps in mind that damage was met; does nothing for other failures. */
    void markIfCause(SQLException failure) {
        if (!isCause(failure) || isMarked()) {
            return;
        }
        LOG.error("The analytics store {} is damaged. Restart to have it filled again from the primary", file, failure);
        try {
            Files.writeString(mark(), String.valueOf(failure.getMessage()));
        } catch (IOException unwritable) {
            LOG.warn("That could not be noted in {}", mark(), unwritable);
        }
    }

    /** Puts the file aside, in the place of one that was put aside before. */
    void putAside(String reason) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".aside");
        LOG.warn(
                "The analytics store {} cannot be used ({}): it is put aside as {}, and filled again from the primary",
                file,
                reason,
                aside);
        if (Files.exists(file)) {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".wal"));
        Files.deleteIfExists(mark());
    }

    private Path mark() {
        return file.resolveSibling(file.getFileName() + ".is-damaged");
    }
}
