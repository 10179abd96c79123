package com.atlasco.atlas.cli.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers, in a small file beside the imported one, up to which row everything has been answered for, so that an import
 * that was interrupted goes on there. Written every second at most: what is repeated is harmless, because every row names
 * its entity. Thread-safe.
 */
final class Checkpoint {

    private static final int VERSION = 1;
    private static final int WINDOW = 1 << 16;
    private static final long SAVE_EVERY_NANOS = 1_000_000_000L;

    private final Optional<Path> file;
    private final String key;
    private final LongSupplier ticker;
    private final ObjectMapper mapper = new ObjectMapper();
    /** Of the rows behind the base, those that are answered for. */
    private final BitSet answered = new BitSet();

    private final long begin;
    private long base;
    private long complete;
    private long savedAt;

    private Checkpoint(Optional<Path> file, String key, long complete, LongSupplier ticker) {
        this.file = file;
        this.key = key;
        this.begin = complete;
        this.base = complete;
        this.complete = complete;
        this.ticker = ticker;
        this.savedAt = ticker.getAsLong();
    }

    /** Of an input that cannot be read a second time. */
    static Checkpoint none(LongSupplier ticker) {
        return new Checkpoint(Optional.empty(), "", 0, ticker);
    }

    /**
     * Where the import of that identity stands.
     *
     * @param restart forgets it
     */
    static Checkpoint of(ImportIdentity identity, boolean restart, LongSupplier ticker) {
        String name = ".%s.%s.atlas-import"
                .formatted(identity.file().getFileName(), identity.key().substring(0, 8));
        Path file = identity.file().resolveSibling(name);
        return new Checkpoint(Optional.of(file), identity.key(), restart ? 0 : read(file, identity.key()), ticker);
    }

    /** The rows that an earlier run has done; one that cannot be read counts for none. */
    private static long read(Path file, String key) {
        try {
            JsonNode saved = new ObjectMapper().readTree(Files.readAllBytes(file));
            boolean same = saved.path("version").asInt() == VERSION
                    && key.equals(saved.path("import").textValue());
            return same ? Math.max(0, saved.path("rows").asLong()) : 0;
        } catch (IOException absentOrBroken) {
            return 0;
        }
    }

    /** How many rows, from the first, were done before this run. */
    long begin() {
        return begin;
    }

    /**
     * A row is stored, or refused for good.
     *
     * @param row from 1
     */
    synchronized void answered(long row) {
        answered.set(Math.toIntExact(row - base));
        complete = base + answered.nextClearBit(Math.toIntExact(complete - base) + 1) - 1;
        if (complete - base > WINDOW) {
            BitSet rest = answered.get(Math.toIntExact(complete - base), answered.length());
            answered.clear();
            answered.or(rest);
            base = complete;
        }
        if (ticker.getAsLong() - savedAt >= SAVE_EVERY_NANOS) {
            save();
        }
    }

    /** Writes it down; an import goes on where that is not possible, and would begin anew. */
    synchronized void save() {
        savedAt = ticker.getAsLong();
        if (file.isEmpty() || complete == 0) {
            return;
        }
        try {
            Path fresh = file.get().resolveSibling(file.get().getFileName() + ".new");
            Files.write(
                    fresh,
                    mapper.writeValueAsBytes(mapper.createObjectNode()
                            .put("version", VERSION)
                            .put("import", key)
                            .put("rows", complete)));
            Files.move(fresh, file.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException readOnly) {
            // Nothing is lost but the place.
        }
    }

    /** Everything is done: nothing is left to go on from. */
    synchronized void done() {
        file.ifPresent(path -> {
            try {
                Files.deleteIfExists(path);
            } catch (IOException readOnly) {
                // It was never written, or says that all is done.
            }
        });
    }
}
