/** Reads: routed to a source by their freshness, and answered with what is known of it. */
@NullMarked
package com.atlasco.atlas.server.read;

import org.jspecify.annotations.NullMarked;
