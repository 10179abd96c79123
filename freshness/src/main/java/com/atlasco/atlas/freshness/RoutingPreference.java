package com.atlasco.atlas.freshness;

/**
 * What the router prefers beside the shape of a query, as long as alerts fire. It changes where a read is tried first, and
 * never what bound or token the answer has to meet. Immutable.
 *
 * @param interactiveToPrimary points and filters are served by the primary while it has places for what others would serve
 *     ({@link RouterSettings#maxPrimaryFallbacks}) and can be reached; what is more is routed as ever
 * @param analyticsToReplica aggregates are served by the replica where it meets what they ask for; otherwise they are
 *     routed as ever
 */
public record RoutingPreference(boolean interactiveToPrimary, boolean analyticsToReplica) {

    /** The shape alone decides. */
    public static final RoutingPreference NONE = new RoutingPreference(false, false);
}
