/** Tenants, their API keys and quotas, and the deletion of tenants in the background. */
@NullMarked
package com.atlasco.atlas.postgres.tenant;

import org.jspecify.annotations.NullMarked;
