package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.CliContext;
import com.atlasco.atlas.cli.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which directory commands work on. */
final class DataDirectoryOption {

    private DataDirectoryOption() {}

    /**
     * The one that was given, or the environment's, or the default.
     *
     * @throws UsageException when it is a file
     */
    static Path of(Optional<Path> given, CliContext context) {
        Path directory = given.or(() -> Optional.ofNullable(System.getenv("ATLAS_DATA_DIR"))
                        .filter(text -> !text.isBlank())
                        .map(Path::of))
                .orElseGet(() -> context.home().resolve("data"))
                .toAbsolutePath()
                .normalize();
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new UsageException("--data-dir: " + directory + " is a file, not a directory.");
        }
        return directory;
    }
}
