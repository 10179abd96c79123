package com.atlasco.atlas.cli.up;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Remembers in the data directory how far the sample data has come: {@code loading} from before the first write to after
 * the last, then {@code loaded}. A load that was interrupted is recognized by it and done again.
 */
final class SampleDataMarker {

    /** How far it has come. */
    enum State {
        ABSENT,
        LOADING,
        LOADED
    }

    private final Path file;

    SampleDataMarker(Path dataDirectory) {
        this.file = dataDirectory.resolve("sample-data.state");
    }

    State read() {
        try {
            return switch (Files.readString(file).strip()) {
                case "loading" -> State.LOADING;
                case "loaded" -> State.LOADED;
                default -> State.ABSENT;
            };
        } catch (IOException absent) {
            return State.ABSENT;
        }
    }

    void loading() {
        write("loading\n");
    }

    void loaded() {
        write("loaded\n");
    }

    private void write(String state) {
        try {
            Path next = file.resolveSibling("sample-data.state.next");
            Files.writeString(next, state);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
