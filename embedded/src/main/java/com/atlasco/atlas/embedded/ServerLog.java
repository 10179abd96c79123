package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The log files of one server.
 *
 * @param role the files' prefix
 */
record ServerLog(Path directory, String role) {

    private static final int TAIL_LINES = 15;
    private static final int TAIL_BYTES = 16 * 1024;

    /** As log_filename has it. */
    private static final Pattern DAY = Pattern.compile("[A-Z][a-z]{2}\\.log");

    /** What the server says before its log collector runs; written anew at each start. */
    Path startFile() {
        return directory.resolve(role + "-start.log");
    }

    /** The last lines of the start file and of the newest log, for an error message. */
    String tail() {
        List<String> lines = new ArrayList<>();
        Stream.concat(Stream.of(startFile()), newest().stream())
                .map(ServerLog::lastLines)
                .forEach(lines::addAll);
        return lines.isEmpty()
                ? "The log in " + directory + " is empty."
                : "The log in " + directory + " ends:\n"
                        + lines.stream().map(line -> "  " + line).collect(Collectors.joining("\n"));
    }

    /** The size of the newest log, to be passed to {@link #since}. */
    Mark mark() {
        return newest().map(file -> new Mark(file, size(file))).orElse(new Mark(startFile(), 0));
    }

    /** What was logged after the mark, up to 16 KiB of it. */
    String since(Mark mark) {
        return newest().map(file -> read(file, file.equals(mark.file()) ? mark.bytes() : 0))
                .orElse("");
    }

    /** A place in the log. */
    record Mark(Path file, long bytes) {}

    private Optional<Path> newest() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> isLog(file.getFileName().toString()))
                    .max(Comparator.comparingLong(ServerLog::modified));
        } catch (IOException exception) {
            return Optional.empty();
        }
    }

    /** Of this server: the name of another may begin with this one's. */
    private boolean isLog(String name) {
        return name.startsWith(role + "-")
                && DAY.matcher(name.substring(role.length() + 1)).matches();
    }

    private static long modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException exception) {
            return 0;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException exception) {
            return 0;
        }
    }

    private static List<String> lastLines(Path file) {
        List<String> lines = read(file, 0).lines().toList();
        return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    }

    private static String read(Path file, long from) {
        try (var channel = Files.newByteChannel(file)) {
            long start = Math.max(from, channel.size() - TAIL_BYTES);
            var buffer = ByteBuffer.allocate((int) Math.max(0, channel.size() - start));
            channel.position(start);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Until the buffer is full or the file ends.
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        } catch (IOException exception) {
            return "";
        }
    }
}
