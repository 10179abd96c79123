package com.atlasco.atlas.analytics;

import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.query.EntityReader;
import com.atlasco.atlas.query.history.HistoryReader;
import java.util.Optional;

/**
 * The columnar copy of all entities. One writer calls {@link #apply}; any number of threads read meanwhile and see
 * whole batches only.
 */
public interface AnalyticsStore extends EntityReader, HistoryReader, AutoCloseable {

    /**
     * Applies the changes and the watermark in one transaction; returns when both are durable. Applying a batch again,
     * whole or in part, changes nothing.
     */
    void apply(ChangeBatch batch);

    /** The watermark as of the last applied batch; empty for a new store. Cheap enough to ask every few ms. */
    Optional<Watermark> watermark();

    /** Forgets everything, watermark included, so that a snapshot can start afresh. */
    void reset();

    @Override
    void close();
}
