/** How fast and how much a tenant may write. */
@NullMarked
package com.atlasco.atlas.server.quota;

import org.jspecify.annotations.NullMarked;
