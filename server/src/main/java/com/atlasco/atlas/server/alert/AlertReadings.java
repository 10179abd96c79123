package com.atlasco.atlas.server.alert;

import java.util.OptionalDouble;

/** What the node knows of its sources. */
@FunctionalInterface
public interface AlertReadings {

    /** The value now; empty when it is not known, which is never the same as zero. */
    OptionalDouble read(AlertMetric metric);
}
