/** The CQL2 text language: read, typed against a registry, and written. */
@NullMarked
package com.atlasco.atlas.query.cql2;

import org.jspecify.annotations.NullMarked;
