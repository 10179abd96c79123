/** Storage and queries on PostgreSQL: the primary and its replicas. */
@NullMarked
package com.atlasco.atlas.postgres;

import org.jspecify.annotations.NullMarked;
