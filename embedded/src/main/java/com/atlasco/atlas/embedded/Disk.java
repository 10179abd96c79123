package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the disk under the data directory offers.
 *
 * @param freeBytes that are free for this user
 */
record Disk(long freeBytes) {

    private static final long GIBIBYTE = 1L << 30;

    /** The disk that holds a directory; one that is not there yet lies where its closest parent does. */
    static Disk under(Path directory) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return new Disk(Files.getFileStore(existing).getUsableSpace());
        } catch (IOException exception) {
            // Whatever it offers: the least that serves.
            return new Disk(0);
        }
    }

    /**
     * Up to where the log of each server grows between two checkpoints: an eighth of what is free, 2 to 8 GB. After a
     * checkpoint every page is logged whole when it is first changed, so frequent ones multiply the log.
     */
    String longestLog() {
        return gigabytes(8, 2, 8);
    }

    /** What the log may grow to for the sake of a consumer that is away: a quarter of what is free, 4 to 16 GB. */
    String longestLogKept() {
        return gigabytes(4, 4, 16);
    }

    private String gigabytes(int divisor, int least, int most) {
        return Math.clamp(freeBytes / GIBIBYTE / divisor, least, most) + "GB";
    }
}
