/** Disturbs Atlas and its databases again and again under load, and looks for what is missing or different. */
@NullMarked
package com.atlasco.atlas.bench.crash;

import org.jspecify.annotations.NullMarked;
