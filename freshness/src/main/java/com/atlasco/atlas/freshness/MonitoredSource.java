package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Source;

/** A source and what is known of it. Thread-safe. */
public interface MonitoredSource {

    Source source();

    /** What is known at this moment. Cheap: takes no lock and asks nobody. */
    SourceStatus status();
}
