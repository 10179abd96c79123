package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Source;

/** A source and what is known of it. Thread-safe. */
public interface MonitoredSource {

    Source source();

    /** Its name among all sources of the node, which never changes: of several replicas each has its own. */
    default String node() {
        return source().wireName();
    }

    /** What is known at this moment. Cheap: takes no lock and asks nobody. */
    SourceStatus status();
}
