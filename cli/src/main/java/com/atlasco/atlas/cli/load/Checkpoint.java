package com.atlasco.atlas.cli.load;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers, in a small file beside the imported one, up to which row everything has been stored, so that an import that
 * was interrupted goes on there. It never passes a row that was refused: what was refused may be taken the next time, and
 * the rows behind it have to be written again then, so that the last one of an entity wins. Written every second at most:
 * what is repeated is harmless, because every row names its entity. Thread-safe.
 */
final class Checkpoint {

    private static final int WINDOW = 1 << 16;
    private static final long SAVE_EVERY_NANOS = 1_000_000_000L;

    /** Of what is imported; empty for an input that cannot be read a second time: nothing is written down then. */
    private final Optional<ImportIdentity> identity;

    private final LongSupplier ticker;
    /** Of the rows behind the base, those that are stored. */
    private final BitSet stored = new BitSet();

    private final long begin;
    private long base;
    private long complete;
    /** The row before the first one that was refused. */
    private long limit = Long.MAX_VALUE;

    private long savedAt;

    private Checkpoint(Optional<ImportIdentity> identity, long complete, LongSupplier ticker) {
        this.identity = identity;
        this.begin = complete;
        this.base = complete;
        this.complete = complete;
        this.ticker = ticker;
        this.savedAt = ticker.getAsLong();
    }

    /** Of an input that cannot be read a second time. */
    static Checkpoint none(LongSupplier ticker) {
        return new Checkpoint(Optional.empty(), 0, ticker);
    }

    /**
     * Where the import of that identity stands.
     *
     * @param restart forgets it
     */
    static Checkpoint of(ImportIdentity identity, boolean restart, LongSupplier ticker) {
        if (restart) {
            SavedImport.remove(SavedImport.place(identity));
        }
        long complete = SavedImport.find(identity).map(SavedImport::rows).orElse(0L);
        return new Checkpoint(Optional.of(identity), complete, ticker);
    }

    /** Whether an import that is interrupted can go on. */
    boolean resumable() {
        return identity.isPresent();
    }

    /** How many rows, from the first, were stored before this run. */
    long begin() {
        return begin;
    }

    /** How many rows, from the first, are stored now without a gap. */
    synchronized long complete() {
        return complete;
    }

    /** Why this begins with the first row although an import of the file was interrupted; empty when none was. */
    Optional<String> whyFromTheFirst() {
        return begin > 0
                ? Optional.empty()
                : identity.flatMap(
                        own -> SavedImport.others(own).stream().findFirst().map(other -> other.whyNot(own)));
    }

    /**
     * A row is stored.
     *
     * @param row from 1
     */
    synchronized void stored(long row) {
        if (row <= limit) {
            stored.set(Math.toIntExact(row - base));
            complete = Math.min(limit, base + stored.nextClearBit(Math.toIntExact(complete - base) + 1) - 1);
            if (complete - base > WINDOW) {
                BitSet rest = stored.get(Math.toIntExact(complete - base), stored.length());
                stored.clear();
                stored.or(rest);
                base = complete;
            }
        }
        if (ticker.getAsLong() - savedAt >= SAVE_EVERY_NANOS) {
            save();
        }
    }

    /**
     * A row is refused: an import that goes on begins with it, or with an earlier one.
     *
     * @param row from 1
     */
    synchronized void refused(long row) {
        limit = Math.min(limit, row - 1);
    }

    /** Writes it down; an import goes on where that is not possible, and would begin anew. */
    synchronized void save() {
        savedAt = ticker.getAsLong();
        if (identity.isEmpty() || complete == 0) {
            return;
        }
        try {
            new SavedImport(SavedImport.place(identity.get()), identity.get(), complete).write();
        } catch (IOException readOnly) {
            // Nothing is lost but the place.
        }
    }

    /** Everything is done: nothing is left to go on from, nor of other attempts to bring the file to the same tenant. */
    synchronized void done() {
        identity.ifPresent(own -> {
            SavedImport.remove(SavedImport.place(own));
            SavedImport.others(own).stream()
                    .filter(other -> other.identity().sameDestination(own))
                    .forEach(SavedImport::remove);
        });
    }
}
