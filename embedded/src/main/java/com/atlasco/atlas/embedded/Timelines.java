package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the log in a server's directory says while the server is down: the timelines it knows and how far it was written.
 *
 * @param log the directory pg_wal
 */
record Timelines(Path log) {

    private static final Pattern HISTORY_FILE = Pattern.compile("([0-9A-F]{8})\\.history");
    private static final Pattern SWITCH = Pattern.compile("\\s*(\\d+)\\s+([0-9A-F]{1,8})/([0-9A-F]{1,8})(?:\\s.*)?");
    private static final Pattern SEGMENT = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})");

    /** As initdb makes them unless it is told otherwise. */
    private static final long SEGMENT_BYTES = 16L << 20;

    private static final int PAGE_BYTES = 8192;

    /** Of a page's header: magic number, flags and timeline, then the place of the page in the log. */
    private static final int PLACE_OFFSET = 8;

    static Timelines of(Path serverDirectory) {
        return new Timelines(serverDirectory.resolve("pg_wal"));
    }

    /** By the history files, which are written before a new timeline is; 0 when there is no log. */
    int newest() {
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> HISTORY_FILE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(name -> Integer.parseUnsignedInt(name.group(1), 16))
                    .max()
                    .orElse(1);
        } catch (IOException exception) {
            return 0;
        }
    }

    /** Where this server's history left an older timeline; empty when that is not in its history. */
    OptionalLong left(int timeline) throws IOException {
        try (Stream<String> lines = Files.lines(log.resolve("%08X.history".formatted(newest())))) {
            return lines.map(SWITCH::matcher)
                    .filter(Matcher::matches)
                    .filter(line -> Long.parseLong(line.group(1)) == timeline)
                    .mapToLong(line ->
                            Long.parseLong(line.group(2), 16) << Integer.SIZE | Long.parseLong(line.group(3), 16))
                    .findFirst();
        }
    }

    /** The end of what was written of a timeline, to the page; {@code from} when that is behind it. */
    long end(int timeline, long from) throws IOException {
        long newest;
        try (Stream<Path> files = Files.list(log)) {
            newest = files.map(file -> SEGMENT.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .filter(name -> Integer.parseUnsignedInt(name.group(1), 16) == timeline)
                    .mapToLong(name -> Long.parseLong(name.group(2), 16) << Integer.SIZE
                            | Long.parseLong(name.group(3), 16) * SEGMENT_BYTES)
                    // One that waits to be used again has its future name and its old content.
                    .filter(begin -> begin + SEGMENT_BYTES > from && written(timeline, begin, begin))
                    .max()
                    .orElse(-1);
        }
        if (newest < 0) {
            return from;
        }
        long end = newest;
        while (end < newest + SEGMENT_BYTES && written(timeline, newest, end)) {
            end += PAGE_BYTES;
        }
        return Math.max(from, end);
    }

    private boolean written(int timeline, long segment, long page) {
        Path file = log.resolve(
                "%08X%08X%08X".formatted(timeline, segment >>> Integer.SIZE, (segment & 0xFFFF_FFFFL) / SEGMENT_BYTES));
        ByteBuffer place = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(page - segment + PLACE_OFFSET);
            while (place.hasRemaining() && channel.read(place) >= 0) {
                // Until the number is whole or the file ends.
            }
            return !place.hasRemaining() && place.getLong(0) == page;
        } catch (IOException exception) {
            return false;
        }
    }
}
