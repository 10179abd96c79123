package com.atlasco.atlas.cli.load;

import com.atlasco.atlas.cli.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What is imported.
 *
 * @param name for messages, and its ending for the format
 * @param rereadable whether it can be opened more than once
 * @param size in bytes as stored; empty when it is not known
 */
public record ImportInput(String name, boolean rereadable, OptionalLong size, Opener opener) {

    /** Opens the bytes as they are stored. */
    @FunctionalInterface
    public interface Opener {
        InputStream open() throws IOException;
    }

    /** A file; one that is not there or cannot be read is a usage error. A pipe is read once. */
    public static ImportInput of(Path file) {
        if (!Files.exists(file)) {
            throw new UsageException("There is no file " + file + ".");
        }
        if (Files.isDirectory(file) || !Files.isReadable(file)) {
            throw new UsageException(file + " is not a file that can be read.");
        }
        boolean regular = Files.isRegularFile(file);
        try {
            OptionalLong size = regular ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
            return new ImportInput(file.toString(), regular, size, () -> Files.newInputStream(file));
        } catch (IOException exception) {
            throw new UsageException(file + " cannot be read: " + exception.getMessage() + ".");
        }
    }

    /** A stream that is read once. */
    public static ImportInput of(String name, InputStream stream) {
        return new ImportInput(name, false, OptionalLong.empty(), () -> stream);
    }
}
