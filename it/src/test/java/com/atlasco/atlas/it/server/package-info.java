/** Tests of a whole node over HTTP, on real tiers. */
@NullMarked
package com.atlasco.atlas.it.server;

import org.jspecify.annotations.NullMarked;
