package com.atlasco.atlas.model;

/**
 * How far a source has come.
 *
 * @param systemId the system identifier of the PostgreSQL cluster that wrote the log
 * @param timeline the timeline of the log, from 1
 * @param lsn the end of what is known to be contained
 */
public record Position(long systemId, int timeline, Lsn lsn) {

    /** Whether both lie on the same log, so that their LSNs can be compared. */
    public boolean sameHistory(Position other) {
        return systemId == other.systemId && timeline == other.timeline;
    }

    /** Whether a source at this position contains all that lies before the other one. False on another history. */
    public boolean contains(Position other) {
        return sameHistory(other) && lsn.isAtLeast(other.lsn);
    }
}
