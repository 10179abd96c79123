/** Proves that all tiers hold the same, or says where they do not. */
@NullMarked
package com.atlasco.atlas.server.verify;

import org.jspecify.annotations.NullMarked;
