package com.atlasco.atlas.postgres.statistics;

import java.util.Optional;

/**
 * How many entities of a tenant have an attribute, and estimates of how many of them meet a condition. Keys are doubles
 * (numbers, microseconds since 1970, 0 and 1) or text, as the attribute's type has it. Immutable.
 */
public interface AttributeStatistics {

    /** The end of a range. */
    record End(Object key, boolean inclusive) {}

    /** How many entities have a value; an estimate. */
    double rows();

    /** How many different values there are; an estimate, at least 1 where there is any row. */
    double distinct();

    /** How many rows one value that was looked at stands for: estimates well below it are guesses. At least 1. */
    double resolution();

    /** How many rows have this key. */
    double equal(Object key);

    /** How many rows lie in a range; an end that is missing is open. */
    double between(Optional<End> low, Optional<End> high);

    /** The most frequent values, with their shares of the rows; at most so many. */
    java.util.List<Frequent> frequent(int most);

    /** The keys at these ranks from 0 to 1; empty for an attribute without values. */
    java.util.List<Object> quantiles(double... ranks);

    /** A value that many rows have. */
    record Frequent(Object key, double share) {}
}
