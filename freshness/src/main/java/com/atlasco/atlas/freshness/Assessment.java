package com.atlasco.atlas.freshness;

import java.util.Optional;

/**
 * What a source is to one read at one moment.
 *
 * @param now the moment, read after the status
 * @param shortfall what keeps it from serving the read
 * @param promising whether it is expected to serve it with the next heartbeat; false where nothing is amiss
 */
record Assessment(
        MonitoredSource source, SourceStatus status, long now, Optional<Shortfall> shortfall, boolean promising) {

    /** Of what is not known, the largest number. */
    long boundMillis() {
        return status.boundAt(now).map(bound -> bound.toMillis()).orElse(Long.MAX_VALUE);
    }
}
