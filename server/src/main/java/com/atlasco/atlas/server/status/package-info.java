/** What the node says of itself: health, the status page, metrics. */
@NullMarked
package com.atlasco.atlas.server.status;

import org.jspecify.annotations.NullMarked;
