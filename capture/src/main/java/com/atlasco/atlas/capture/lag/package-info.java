/** How far capture is behind the primary, and how the replication slot that it reads from is. */
@NullMarked
package com.atlasco.atlas.capture.lag;

import org.jspecify.annotations.NullMarked;
