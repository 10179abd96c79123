package com.atlasco.atlas.cli.up;

import com.atlasco.atlas.cli.FailureException;
import com.atlasco.atlas.cli.UsageException;
import com.atlasco.atlas.server.access.OperatorKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The operator's key in the data directory: made on the first start, readable by its owner only. */
final class OperatorKeyFile {

    static final String VARIABLE = "ATLAS_ADMIN_KEY";

    private final Path file;

    OperatorKeyFile(Path dataDirectory) {
        this.file = dataDirectory.resolve("operator.key");
    }

    /**
     * The operator's key.
     *
     * @param text what requests present
     * @param where it was found, for people
     * @param file that holds it; empty when the environment does
     */
    record Found(String text, String where, Optional<Path> file) {}

    /** The environment's key, or the one in the file, which is made when it is missing. */
    Found find(Optional<String> environment, RandomGenerator random) {
        Optional<String> given = environment.map(String::strip).filter(text -> !text.isEmpty());
        if (given.isPresent()) {
            return new Found(checked(given.get(), VARIABLE), VARIABLE, Optional.empty());
        }
        try {
            if (!Files.exists(file)) {
                write(OperatorKey.create(random));
            }
            return new Found(
                    checked(Files.readString(file).strip(), file.toString()), file.toString(), Optional.of(file));
        } catch (IOException failure) {
            throw new FailureException(
                    "The operator's key in " + file + " cannot be read or made: " + failure.getMessage(), failure);
        }
    }

    private static String checked(String key, String where) {
        try {
            OperatorKey.of(key);
            return key;
        } catch (IllegalArgumentException unfit) {
            throw new UsageException(where + ": " + unfit.getMessage() + ".");
        }
    }

    /** Whole or not at all, and never readable by others, not even for a moment. */
    private void write(String key) throws IOException {
        Path beside = Files.createTempFile(file.toAbsolutePath().getParent(), ".operator", ".key", ownerOnly());
        Files.writeString(beside, key + "\n");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private FileAttribute<?>[] ownerOnly() {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
