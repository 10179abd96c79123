package com.atlasco.atlas.analytics.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A name beside the database file, by which the primary knows whose replication slot it keeps. */
final class StoreIdentity {

    private StoreIdentity() {}

    /** The name; given out when there is none. */
    static String of(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".id");
        try {
            String known = Files.readString(beside).strip();
            if (!known.isEmpty()) {
                return known;
            }
        } catch (NoSuchFileException none) {
            // The first time.
        }
        String identity = UUID.randomUUID().toString();
        Path written = beside.resolveSibling(beside.getFileName() + ".new");
        Files.writeString(written, identity + "\n");
        Files.move(written, beside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return identity;
    }
}
