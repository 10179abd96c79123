/** A source that lies in this process: entities as other sources have shown them, and how long that stays true. */
@NullMarked
package com.atlasco.atlas.freshness.cache;

import org.jspecify.annotations.NullMarked;
