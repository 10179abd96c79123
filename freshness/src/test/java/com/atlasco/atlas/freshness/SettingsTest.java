package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void defaults() {
        assertThat(HeartbeatSettings.defaults())
                .isEqualTo(new HeartbeatSettings(
                        Duration.ofMillis(50),
                        Duration.ofMillis(10),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        3,
                        72_000));
        assertThat(MonitorSettings.forReplica())
                .isEqualTo(new MonitorSettings(Duration.ofMillis(25), Duration.ofSeconds(1), 3, Duration.ofSeconds(5)));
        assertThat(MonitorSettings.forOlap())
                .isEqualTo(new MonitorSettings(Duration.ofMillis(50), Duration.ofSeconds(2), 3, Duration.ofMinutes(5)));
        assertThat(RouterSettings.defaults())
                .isEqualTo(
                        new RouterSettings(Duration.ofMillis(250), Duration.ofSeconds(1), 64, Duration.ofSeconds(1)));
    }

    @Test
    void whatCannotWorkIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeartbeatLog("node", 0))
                .withMessageContaining("remembered");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouterSettings(Duration.ofMillis(-1), Duration.ZERO, 1, Duration.ZERO))
                .withMessageContaining("maxWait");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MonitorSettings(Duration.ZERO, Duration.ZERO, 1, Duration.ZERO))
                .withMessageContaining("probeInterval");
    }
}
