package com.atlasco.atlas.analytics.duckdb;

import java.time.Duration;

/**
 * How the store chooses attributes for columns of their own, beside those that the registry asks for. How useful a column is
 * is told in seconds of queries that it saves an hour, by reckoning: the queries an hour that look at the attribute, times
 * the tenant's entities, times {@link #NANOS_PER_ENTITY}.
 *
 * @param mostPerTenant attributes that are promoted for one tenant at most; 0 for none
 * @param mostColumns no column is added for them when the table has so many, the registry's included
 * @param promoteAt seconds an hour from which an attribute is promoted
 * @param demoteBelow seconds an hour below which it is given up, when it stays there for {@code demoteAfter}; less than
 *     {@code promoteAt}
 * @param demoteAfter how long that is
 * @param halfLife after which a query counts for half
 * @param interval between two decisions
 */
public record PromotionSettings(
        int mostPerTenant,
        int mostColumns,
        double promoteAt,
        double demoteBelow,
        Duration demoteAfter,
        Duration halfLife,
        Duration interval) {

    /** What a column saves for each entity that a query looks at, over the map: measured in docs/decisions/0021. */
    public static final double NANOS_PER_ENTITY = 200;

    /** How many attributes of a tenant are promoted where nothing else is said. */
    public static final int DEFAULT_MOST_PER_TENANT = 8;

    public PromotionSettings {
        if (mostPerTenant < 0 || mostColumns < 0) {
            throw new IllegalArgumentException("numbers of attributes and columns are at least 0");
        }
        if (!(demoteBelow >= 0 && demoteBelow < promoteAt)) {
            throw new IllegalArgumentException("demoteBelow is from 0 to less than promoteAt, not " + demoteBelow);
        }
        if (demoteAfter.isNegative() || !halfLife.isPositive() || !interval.isPositive()) {
            throw new IllegalArgumentException("half-life and interval are positive, demoteAfter is not negative");
        }
    }

    /** Eight attributes of a tenant, 64 columns, from 5 s an hour, below 1 s for an hour; half-life 1 h, each minute. */
    public static PromotionSettings defaults() {
        return new PromotionSettings(
                DEFAULT_MOST_PER_TENANT, 64, 5, 1, Duration.ofHours(1), Duration.ofHours(1), Duration.ofMinutes(1));
    }

    /** The defaults, with another limit. */
    public static PromotionSettings upTo(int mostPerTenant) {
        PromotionSettings defaults = defaults();
        return new PromotionSettings(
                mostPerTenant,
                defaults.mostColumns,
                defaults.promoteAt,
                defaults.demoteBelow,
                defaults.demoteAfter,
                defaults.halfLife,
                defaults.interval);
    }
}
