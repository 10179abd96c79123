package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running server writes into postmaster.pid of its data directory.
 *
 * @param status the last line: {@code starting}, {@code ready}, {@code stopping}; empty early in a start
 */
record PostmasterFile(long pid, String status) {

    private static final int STATUS_LINE = 7;

    static Path in(Path serverDirectory) {
        return serverDirectory.resolve("postmaster.pid");
    }

    /** Empty when there is none, or none that can be read: a file being written may be short for a moment. */
    static Optional<PostmasterFile> read(Path serverDirectory) {
        try {
            return parse(Files.readAllLines(in(serverDirectory)));
        } catch (IOException exception) {
            return Optional.empty();
        }
    }

    static Optional<PostmasterFile> parse(List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().strip().matches("-?\\d{1,10}")) {
            return Optional.empty();
        }
        // A standalone backend writes its number negated.
        long pid = Math.abs(Long.parseLong(lines.getFirst().strip()));
        return Optional.of(new PostmasterFile(
                pid, lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : ""));
    }

    boolean ready() {
        return status.equals("ready");
    }

    /**
     * The process, if it lives and its command line is that of a PostgreSQL on this directory; the number alone proves
     * nothing, it may have been given to another program since. A zombie has no command line and so counts as gone.
     */
    Optional<ProcessHandle> process(Path serverDirectory) {
        return ProcessHandle.of(pid).filter(handle -> serves(handle, serverDirectory));
    }

    static boolean serves(ProcessHandle handle, Path serverDirectory) {
        List<String> arguments = handle.info().arguments().map(List::of).orElse(List.of());
        int option = arguments.indexOf("-D");
        return handle.info().commandLine().orElse("").contains("postgres")
                && option >= 0
                && option + 1 < arguments.size()
                && sameFile(Path.of(arguments.get(option + 1)), serverDirectory);
    }

    private static boolean sameFile(Path first, Path second) {
        try {
            return Files.isSameFile(first, second);
        } catch (IOException exception) {
            return first.equals(second);
        }
    }
}
