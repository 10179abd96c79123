/** The service: composes the tiers, and serves them over HTTP. */
@NullMarked
package com.atlasco.atlas.server;

import org.jspecify.annotations.NullMarked;
