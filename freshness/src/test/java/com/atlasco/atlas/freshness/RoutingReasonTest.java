package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RoutingReasonTest {

    @Test
    void wireNamesAreStable() {
        assertThat(Arrays.stream(RoutingReason.values()).map(RoutingReason::wireName))
                .containsExactly(
                        "class_realtime",
                        "max_lag_zero",
                        "preferred",
                        "waited",
                        "pinned",
                        "only_source",
                        "alert_replica_lag",
                        "alert_olap_lag",
                        "lag_oscillates",
                        "fallback_primary:replica_unreachable",
                        "fallback_primary:replica_unknown",
                        "fallback_primary:replica_other_history",
                        "fallback_primary:replica_too_stale",
                        "fallback_primary:replica_behind_token",
                        "fallback_primary:olap_unreachable",
                        "fallback_primary:olap_unknown",
                        "fallback_primary:olap_other_history",
                        "fallback_primary:olap_too_stale",
                        "fallback_primary:olap_behind_token",
                        "fallback_replica:olap_unreachable",
                        "fallback_replica:olap_unknown",
                        "fallback_replica:olap_other_history",
                        "fallback_replica:olap_too_stale",
                        "fallback_replica:olap_behind_token");
        for (RoutingReason reason : RoutingReason.values()) {
            assertThat(reason.isFallback()).isEqualTo(reason.wireName().startsWith("fallback_"));
            assertThat(reason.sentence()).isNotBlank();
        }
    }
}
