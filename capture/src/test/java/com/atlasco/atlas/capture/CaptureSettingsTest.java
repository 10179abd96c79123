package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class CaptureSettingsTest {

    private static final CaptureSettings DEFAULTS = CaptureSettings.of("db", 5433, "atlas", "capture", "secret");

    @Test
    void defaults() {
        assertThat(DEFAULTS)
                .isEqualTo(new CaptureSettings(
                        "db",
                        5433,
                        "atlas",
                        "capture",
                        "secret",
                        "atlas",
                        "atlas",
                        "public",
                        8_192,
                        20_000,
                        Duration.ofMillis(25),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        2,
                        false,
                        List.of()));
    }

    @Test
    void thePasswordIsNotPrinted() {
        assertThat(DEFAULTS.toString()).contains("capture@db:5433/atlas").doesNotContain("secret");
    }

    @Test
    void aSlotsNameMustBeOneThatPostgresTakes() {
        assertThatThrownBy(() -> new CaptureSettings(
                        "db",
                        5433,
                        "atlas",
                        "capture",
                        "",
                        "Atlas'",
                        "atlas",
                        "public",
                        1,
                        1,
                        Duration.ofMillis(1),
                        Duration.ZERO,
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        1,
                        false,
                        List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Atlas'");
    }

    @Test
    void theConnectorReadsRootsOnlyAndTakesNoSnapshot() {
        Properties properties =
                ConnectorProperties.of(DEFAULTS, DEFAULTS.servers().getFirst(), new Lsn(0x1_0000_0010L));
        assertThat(properties)
                .containsEntry(
                        "table.include.list", "public\\.tenant,public\\.attr_type,public\\.entity,public\\.heartbeat")
                .containsEntry("snapshot.mode", "no_data")
                .containsEntry(WatermarkOffsetStore.RESUME_FROM, "1/10");
    }
}
