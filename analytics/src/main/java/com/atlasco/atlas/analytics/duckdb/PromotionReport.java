package com.atlasco.atlas.analytics.duckdb;

import com.atlasco.atlas.model.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * Which attributes have columns of their own, and the last decisions about them.
 *
 * @param promoted by tenant, then by name
 * @param decisions the newest first
 */
public record PromotionReport(List<Promoted> promoted, List<Decision> decisions) {

    static final PromotionReport NONE = new PromotionReport(List.of(), List.of());

    public PromotionReport {
        promoted = List.copyOf(promoted);
        decisions = List.copyOf(decisions);
    }

    /**
     * A promoted attribute.
     *
     * @param name as it was when the report was made, every minute or so
     * @param since when it was promoted
     * @param automatic whether the store chose it; otherwise the registry asks for it
     * @param complete whether queries use the column; until then it is being filled
     */
    public record Promoted(
            TenantId tenant, int attributeId, String name, Instant since, boolean automatic, boolean complete) {}

    /**
     * A decision of the store.
     *
     * @param promoted whether the attribute got its column; otherwise it lost it
     * @param reason with the figures that it was made from
     */
    public record Decision(
            Instant at, TenantId tenant, int attributeId, String name, boolean promoted, String reason) {}
}
