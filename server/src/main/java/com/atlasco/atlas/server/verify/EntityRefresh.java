package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.TenantId;
import java.util.List;

/** Brings entities of the columnar store to what the primary has. Thread-safe. */
@FunctionalInterface
public interface EntityRefresh {

    /**
     * Reads these entities on the primary again and applies them; one that is gone there is removed. What was applied when
     * this returns is durable.
     *
     * @param entityIds at most a thousand
     * @throws com.atlasco.atlas.model.AtlasException when it cannot be done now
     */
    void refresh(TenantId tenant, List<Long> entityIds) throws InterruptedException;
}
