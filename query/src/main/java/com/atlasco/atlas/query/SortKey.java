package com.atlasco.atlas.query;

import com.atlasco.atlas.query.filter.Property;

/**
 * The order of a page. Rows without the property come last in both directions; ties are broken by entity_id in the
 * same direction as the sort.
 */
public record SortKey(Property property, boolean descending) {}
