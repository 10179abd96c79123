/** The attribute types of the tenants: registered on the primary, kept in memory. */
@NullMarked
package com.atlasco.atlas.postgres.registry;

import org.jspecify.annotations.NullMarked;
