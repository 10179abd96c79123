package com.atlasco.atlas.freshness;

/** Looks at what a source contains. Called by one thread at a time. */
@FunctionalInterface
public interface SourceProbe {

    /**
     * Observes the very thing that reads are served from: the same server, the same store. What is observed must be
     * visible to every read that begins after this call returns. A store that must not be read yet, such as one whose
     * snapshot is under way, reports no heartbeat.
     *
     * <p>Blocks, but no longer than about {@link MonitorSettings#probeTimeout}.
     *
     * @throws Exception when the source could not be asked
     */
    Observation observe() throws Exception;
}
