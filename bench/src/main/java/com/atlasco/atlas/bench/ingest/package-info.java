/** How fast entities are written and read, beside what PostgreSQL itself could do. */
@NullMarked
package com.atlasco.atlas.bench.ingest;

import org.jspecify.annotations.NullMarked;
