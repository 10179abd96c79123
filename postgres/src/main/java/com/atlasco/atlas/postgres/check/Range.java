package com.atlasco.atlas.postgres.check;

/**
 * A tenant's entities whose ids lie above one and up to another.
 *
 * @param through the last id that belongs to it; the greatest there is when nothing follows
 * @param entities how many there were
 * @param bytes of their documents, about
 */
public record Range(long after, long through, int entities, long bytes) {

    /** The whole rest, with nothing in it. */
    static Range rest(long after) {
        return new Range(after, Long.MAX_VALUE, 0, 0);
    }

    /** Whether no entity of the tenant has a higher id. */
    public boolean isLast() {
        return through == Long.MAX_VALUE;
    }
}
