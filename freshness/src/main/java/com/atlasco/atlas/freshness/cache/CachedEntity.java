package com.atlasco.atlas.freshness.cache;

import com.atlasco.atlas.freshness.ReadPermit;
import com.atlasco.atlas.freshness.SourceStatus.Contained;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Position;

/**
 * A copy of an entity. Immutable.
 *
 * @param permit of the read that it comes from
 * @param contained up to when it is known to be current by that read alone
 * @param position up to where, by that read alone
 * @param shown a position at or past everything that the read can have seen
 * @param followed the change stream that tells of every change which the copy lacks; {@link ChangeStream#NONE} when it may
 *     have told of one already
 * @param generation of the cache when it was taken in
 */
record CachedEntity(
        Entity entity,
        ReadPermit permit,
        Contained contained,
        Position position,
        Position shown,
        long followed,
        long generation) {

    /** Whether it is to be held rather than another copy of the same entity. */
    boolean isBetterThan(CachedEntity held) {
        boolean comparable =
                held.generation == generation && held.permit.isCurrent() && held.position.sameHistory(position);
        if (!comparable) {
            return true;
        }
        if (entity.version() != held.entity.version()) {
            return entity.version() > held.entity.version();
        }
        if (followed != held.followed) {
            return followed > held.followed;
        }
        return contained.moment() - held.contained.moment() > 0;
    }
}
