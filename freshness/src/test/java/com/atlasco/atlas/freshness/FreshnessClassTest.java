package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessClassTest {

    @ParameterizedTest
    @CsvSource({
        "PRIMARY, 0, realtime",
        "PRIMARY, 99, realtime",
        "PRIMARY, 100, interactive",
        "REPLICA, 0, interactive",
        "CACHE, 0, interactive",
        "REPLICA, 999, interactive",
        "REPLICA, 1000, operational",
        "OLAP, 29999, operational",
        "OLAP, 30000, analytical",
        "OLAP, 299999, analytical",
        "OLAP, 300000, batch",
        "OLAP, 3599999, batch",
        "OLAP, 3600000, unknown",
    })
    void theStrictestClassMetHasAnExclusiveBoundAndOnlyThePrimaryIsRealtime(Source source, long millis, String met) {
        assertThat(FreshnessClass.strictestMet(source, Duration.ofMillis(millis))
                        .map(FreshnessClass::wireName)
                        .orElse("unknown"))
                .isEqualTo(met);
    }

    @Test
    void wireNamesAreReadBackAndOthersAreRefused() {
        assertThat(Arrays.stream(FreshnessClass.values()).map(FreshnessClass::wireName))
                .containsExactly("realtime", "interactive", "operational", "analytical", "batch");
        for (FreshnessClass freshness : FreshnessClass.values()) {
            assertThat(FreshnessClass.ofWireName(freshness.wireName())).isEqualTo(freshness);
        }
        assertThat(Arrays.stream(FallbackStrategy.values()).map(FallbackStrategy::wireName))
                .containsExactly("fail", "primary", "replica");
        for (FallbackStrategy strategy : FallbackStrategy.values()) {
            assertThat(FallbackStrategy.ofWireName(strategy.wireName())).isEqualTo(strategy);
        }
        assertThat(Arrays.stream(ReplicationHealth.values()).map(ReplicationHealth::wireName))
                .containsExactly("healthy", "degraded", "unavailable", "unknown");
        assertThatThrownBy(() -> FreshnessClass.ofWireName("REALTIME")).isInstanceOf(AtlasException.class);
        assertThatThrownBy(() -> FallbackStrategy.ofWireName("")).isInstanceOf(AtlasException.class);
    }
}
