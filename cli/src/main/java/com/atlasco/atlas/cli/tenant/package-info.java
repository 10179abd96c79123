/** {@code atlas tenant}: tenants, their keys and quotas, over the HTTP API. */
@NullMarked
package com.atlasco.atlas.cli.tenant;

import org.jspecify.annotations.NullMarked;
