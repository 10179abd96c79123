package com.atlasco.atlas.cli.up;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * How a failover is ordered of a running {@code atlas up}, by whoever may write in its data directory: an order with a name
 * is laid down, taken away when it is begun, and answered under the same name.
 *
 * @param directory the data directory
 */
record FailoverFiles(Path directory) {

    /**
     * What came of an order.
     *
     * @param order its name
     * @param done whether there is another primary
     * @param message which, or why not
     */
    record Outcome(String order, boolean done, String message) {}

    private Path order() {
        return directory.resolve("failover.order");
    }

    private Path outcome(String name) {
        return directory.resolve("failover.outcome." + name);
    }

    /** The name of the order that nobody has taken; empty when there is none. */
    Optional<String> waiting() throws IOException {
        try {
            // Empty is one that is being laid.
            return Optional.of(Files.readString(order()).strip()).filter(name -> !name.isEmpty());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** @throws java.nio.file.FileAlreadyExistsException when another waits */
    void lay(String name) throws IOException {
        Files.writeString(
                order(), name, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /**
     * Nobody finds the order any more.
     *
     * @return whether this has taken it: of several only one
     */
    boolean take() throws IOException {
        return Files.deleteIfExists(order());
    }

    void answer(Outcome outcome) throws IOException {
        write(
                outcome(outcome.order()),
                outcome.order() + "\n" + (outcome.done() ? "done" : "failed") + "\n"
                        + outcome.message().replaceAll("\\R", " ") + " ");
    }

    /** The answer to the order of that name; empty as long as there is none. */
    Optional<Outcome> answer(String name) throws IOException {
        try {
            List<String> lines = Files.readAllLines(outcome(name));
            Files.deleteIfExists(outcome(name));
            return Optional.of(
                    new Outcome(name, lines.get(1).equals("done"), lines.get(2).strip()));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** In one step: whoever reads finds all of it, or what was there before. */
    private static void write(Path file, String text) throws IOException {
        Path written =
                Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text, StandardCharsets.UTF_8);
        try {
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException plain) {
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
