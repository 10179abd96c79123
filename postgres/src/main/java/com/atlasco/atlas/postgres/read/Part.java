package com.atlasco.atlas.postgres.read;

import com.atlasco.atlas.query.filter.Filter;
import java.util.Optional;

/**
 * A conjunct of a filter, and what indexes know of it.
 *
 * @param driver entries that lead to every row it keeps
 * @param exact whether they lead to no others, so that the document need not be asked
 * @param absent entries that lead to exactly the rows it does not keep
 */
record Part(Filter filter, Optional<Driver> driver, boolean exact, Optional<Driver> absent) {}
