package com.atlasco.atlas.query.aggregate;

import com.atlasco.atlas.query.filter.Property;

/** One part of what rows are grouped by. Rows without the property form a group of their own, with an empty key. */
public sealed interface GroupKey {

    Property property();

    /** One group per distinct value. Not for properties of type json. */
    record ByValue(Property property) implements GroupKey {}

    /**
     * Equal buckets over [min, max), numbered from 1; bucket 0 holds what lies below min, bucket {@code buckets + 1}
     * what lies at or above max, as SQL's width_bucket has it. Every engine computes the bucket of a value v inside as
     * {@code min(buckets, floor((v - min) / (max - min) * buckets) + 1)} in IEEE 754 doubles, in this order.
     *
     * @param buckets 1 to 10,000
     */
    record Histogram(Property property, double min, double max, int buckets) implements GroupKey {

        /** The lower end of a bucket from 1 to {@code buckets + 1}. */
        public double from(int bucket) {
            return bucket == buckets + 1 ? max : min + (max - min) * (bucket - 1) / buckets;
        }
    }

    /** Calendar intervals in UTC; the key is the interval's first instant. Only for properties of type ts. */
    record ByInterval(Property property, Interval interval) implements GroupKey {}

    enum Interval {
        YEAR,
        MONTH,
        DAY,
        HOUR
    }
}
