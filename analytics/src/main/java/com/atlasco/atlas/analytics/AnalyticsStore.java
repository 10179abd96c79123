package com.atlasco.atlas.analytics;

import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.analytics.snapshot.Correction;
import com.atlasco.atlas.analytics.snapshot.EntityPlace;
import com.atlasco.atlas.analytics.snapshot.SnapshotChunk;
import com.atlasco.atlas.analytics.snapshot.SnapshotStart;
import com.atlasco.atlas.analytics.snapshot.SnapshotState;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.query.EntityReader;
import com.atlasco.atlas.query.history.HistoryReader;
import java.util.Optional;
import java.util.Set;

/**
 * The columnar copy of all entities. One writer calls what changes it, chunks of a snapshot excepted, which any thread
 * may bring; any number of threads read meanwhile and see whole transactions only.
 *
 * <h2>Snapshots</h2>
 * The rows that the primary has already are read in chunks while changes go on to be applied. All chunks have the order of
 * the position where the snapshot began, so a change that comes by the log is newer than any of them: of an entity that
 * such a change has come for, deletions included, no row of a chunk is taken. A store without a complete snapshot takes
 * the rows as they come, and is not read until {@link #completeSnapshot}; one with a complete snapshot puts them aside,
 * and at completion corrects by them what differs, in one transaction.
 */
public interface AnalyticsStore extends EntityReader, HistoryReader, AutoCloseable {

    /**
     * Applies the changes and the watermark in one transaction; returns when both are durable. Applying a batch again,
     * whole or in part, changes nothing.
     */
    void apply(ChangeBatch batch);

    /** The watermark as of the last applied batch; empty for a new store. Cheap enough to ask every few ms. */
    Optional<Watermark> watermark();

    /**
     * Begins a snapshot, in place of one that may be under way. A store whose first snapshot is not complete is emptied, and
     * has the position as its watermark afterwards; the scope is then everything.
     *
     * @throws IllegalArgumentException when the first snapshot is of less than everything
     */
    void beginSnapshot(SnapshotStart start);

    /** The snapshot that is under way; cheap. */
    Optional<SnapshotState> snapshot();

    /** Takes the rows of a chunk; does nothing with one that is behind what its part has reached. */
    void applyChunk(SnapshotChunk chunk);

    /**
     * The entities whose heads changed during the snapshot by changes that came without their documents: what they are has
     * to be asked, and told by {@link #correct}, after completion or, of the first snapshot, before it.
     */
    Set<EntityPlace> unsettled();

    /**
     * Makes the snapshot count, in one transaction.
     *
     * @param readUntil what was committed up to here may be among what was read
     * @throws IllegalStateException when there is none, or not all has been read
     */
    void completeSnapshot(Lsn readUntil);

    /** Gives up a snapshot whose rows were put aside; the first one cannot be given up. Does nothing without one. */
    void abandonSnapshot();

    /** Replaces what is stored of single entities, in one transaction; the history notes what differed. */
    void correct(Correction correction);

    /** Rows that were read from the primary may hold what was committed up to here, before the log brings it; cheap. */
    Lsn readUntil();

    /** Forgets everything, watermark included, so that a snapshot can start afresh. */
    void reset();

    /** A name of this store that stays the same through resets and damage, until its files are removed by hand. */
    String identity();

    @Override
    void close();
}
