package com.atlasco.atlas.bench.ingest;

import java.util.List;

/**
 * A tenant with its attributes registered.
 *
 * @param attributeIds in the order of the data set's attributes
 */
record Tenant(long id, List<Integer> attributeIds) {}
