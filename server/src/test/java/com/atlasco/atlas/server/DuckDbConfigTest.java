package com.atlasco.atlas.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.analytics.duckdb.PromotionSettings;
import com.atlasco.atlas.server.AtlasConfig.DuckDbConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DuckDbConfigTest {

    private static final Path FILE = Path.of("atlas.duckdb");

    @Test
    void whatIsNotChosenIsTheDefault() {
        assertThat(new DuckDbConfig(FILE))
                .isEqualTo(new DuckDbConfig(
                        FILE,
                        false,
                        Duration.ofDays(400),
                        new PromotionSettings(
                                8, 64, 5, 1, Duration.ofHours(1), Duration.ofHours(1), Duration.ofMinutes(1))));
    }

    @Test
    void theNumberOfPromotedAttributesIsChosenAlone() {
        assertThat(new DuckDbConfig(FILE, false, Duration.ZERO, 0).promotion())
                .isEqualTo(new PromotionSettings(
                        0, 64, 5, 1, Duration.ofHours(1), Duration.ofHours(1), Duration.ofMinutes(1)));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new DuckDbConfig(FILE, false, Duration.ofDays(-1), 8))
                .hasMessageContaining("retention");
        assertThatThrownBy(() -> new DuckDbConfig(FILE, false, Duration.ZERO, -1))
                .hasMessageContaining("at least 0");
    }
}
