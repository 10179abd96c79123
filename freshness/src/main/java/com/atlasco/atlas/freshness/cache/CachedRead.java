package com.atlasco.atlas.freshness.cache;

import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.ReadPermit;
import com.atlasco.atlas.freshness.SourceStatus;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.util.Optional;

/**
 * The cache as one read sees it: the copy of one entity, or none. What is known of it differs from entity to entity, and so
 * the router looks at this as at any source. Begin it before the read is routed. Thread-safe.
 */
public final class CachedRead implements MonitoredSource {

    private final EntityCache cache;
    private final EntityKey key;
    private final long touched;
    private final long generation;
    private final Optional<CachedEntity> copy;

    CachedRead(EntityCache cache, EntityKey key, long touched, long generation, Optional<CachedEntity> copy) {
        this.cache = cache;
        this.key = key;
        this.touched = touched;
        this.generation = generation;
        this.copy = copy;
    }

    @Override
    public Source source() {
        return Source.CACHE;
    }

    /** What is known of the copy now; unknown when there was none, or it has been dropped. */
    @Override
    public SourceStatus status() {
        return cache.status(key, copy);
    }

    /** The copy, to be shown only under a permit for this source. */
    public Optional<Entity> entity() {
        return copy.map(CachedEntity::entity);
    }

    /** A position at or past everything that the copy shows. */
    public Optional<Position> shown() {
        return copy.map(CachedEntity::shown);
    }

    /** The copy has served the read. */
    public void hit() {
        cache.hit();
    }

    /** The read might have been served by a copy, and was not. */
    public void missed() {
        cache.missed();
    }

    /**
     * Takes in what the read was answered with by the primary or a replica instead, if it is sure to be current for as long as
     * it will be said to be.
     *
     * @param permit of that read, begun after this was, and confirmed
     * @param shown a position at or past everything that it can have seen
     */
    public void fill(ReadPermit permit, Entity entity, Position shown) {
        cache.fill(this, permit, entity, shown);
    }

    EntityKey key() {
        return key;
    }

    /** How often the entity's place among the recent changes had been touched when the read began. */
    long touched() {
        return touched;
    }

    long generation() {
        return generation;
    }
}
