/** Who sends a request, and what that allows. */
@NullMarked
package com.atlasco.atlas.server.access;

import org.jspecify.annotations.NullMarked;
