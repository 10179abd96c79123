package com.atlasco.atlas.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.capture.lag.CaptureLag;
import com.atlasco.atlas.capture.lag.SlotState;
import com.atlasco.atlas.capture.lag.SlotStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LagReportTest {

    private static final long LIMIT = 1_000;

    @ParameterizedTest
    @CsvSource({
        "STREAMING, 500, true, true",
        "STREAMING, 501, true, false",
        "INACTIVE, 100, true, true",
        "INACTIVE, 501, true, false",
        "LOST, , true, false",
        "LOST, , false, false",
        "MISSING, , false, true",
        "MISSING, , true, false",
        "UNKNOWN, , true, false"
    })
    void theSlotIsDownWhenItIsInDanger(SlotState state, Long retained, boolean wanted, boolean up) {
        OptionalLong bytes = Optional.ofNullable(retained).map(OptionalLong::of).orElse(OptionalLong.empty());
        HealthReport.Component component = LagReport.slot(lag(state, wanted, bytes, OptionalLong.of(LIMIT)));
        assertThat(component.up()).isEqualTo(up);
        assertThat(component.name()).isEqualTo("slot");
        assertThat(component.state()).isEqualTo(state.wireName());
        assertThat(component.detail()).startsWith("a test says so");
    }

    @Test
    void withoutALimitNothingIsTooMuch() {
        CaptureLag lag = lag(SlotState.STREAMING, true, OptionalLong.of(Long.MAX_VALUE / 2), OptionalLong.empty());
        assertThat(LagReport.slot(lag).up()).isTrue();
    }

    @Test
    void aBacklogThatIsNotKnownIsNotZero() {
        assertThat(LagReport.backlog(lag(SlotState.UNKNOWN, true, OptionalLong.empty(), OptionalLong.empty())))
                .isEqualTo("backlog unknown");
    }

    private static CaptureLag lag(SlotState state, boolean wanted, OptionalLong retained, OptionalLong limit) {
        return new CaptureLag(
                new SlotStatus("atlas", state, wanted, Instant.EPOCH, "a test says so"),
                retained,
                OptionalLong.empty(),
                limit,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty());
    }
}
