/** Measures Atlas, beside its peers where there are any, on the machine it runs on. */
@NullMarked
package com.atlasco.atlas.bench;

import org.jspecify.annotations.NullMarked;
