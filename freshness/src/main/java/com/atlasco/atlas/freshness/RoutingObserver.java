package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Source;
import java.time.Duration;

/** Is told what the router does, to count it. Called by the reading threads: must be thread-safe, quick, and not throw. */
public interface RoutingObserver {

    /** Ignores everything. */
    RoutingObserver NONE = new RoutingObserver() {};

    /** A read was sent to the source. */
    default void decided(Source source, RoutingReason reason) {}

    /** A read was not served by a source that would have been preferred, since bound or token would not have held there. */
    default void prevented(Source source, Shortfall why) {}

    /** A read waited for the source, in vain or not. */
    default void waited(Source source, Duration waited) {}

    /** A read was refused, the source being the one that was tried last. */
    default void refused(Source source, ErrorCode code) {}
}
