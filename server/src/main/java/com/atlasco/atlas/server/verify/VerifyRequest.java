package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.TenantId;
import java.util.Set;

/**
 * What is to be compared.
 *
 * @param tenants empty for all
 * @param sources empty for all that there are
 * @param sample the share of the ranges that is compared, above 0 and at most 1
 * @param repair whether what differs is mended
 */
public record VerifyRequest(Set<TenantId> tenants, Set<ComparedSource> sources, double sample, boolean repair) {

    public VerifyRequest {
        tenants = Set.copyOf(tenants);
        sources = Set.copyOf(sources);
        if (!(sample > 0 && sample <= 1)) {
            throw new IllegalArgumentException("a sample is above 0 and at most 1, not " + sample);
        }
    }

    /** All of everything, and nothing is mended. */
    public static VerifyRequest everything() {
        return new VerifyRequest(Set.of(), Set.of(), 1, false);
    }

    /** Whether nothing is left out. */
    boolean isWhole() {
        return tenants.isEmpty() && sources.isEmpty() && sample == 1;
    }
}
