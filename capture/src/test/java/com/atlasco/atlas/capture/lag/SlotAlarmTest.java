package com.atlasco.atlas.capture.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SlotAlarmTest {

    private static final long LIMIT = 1_000L << 20;

    private final SlotAlarm alarm = new SlotAlarm();
    private final List<String> said = new ArrayList<>();

    @Test
    void eachWayIsSaidOnceHoweverOftenAThresholdIsCrossed() {
        retains(450, 500);
        assertThat(said).isEmpty();
        retains(501, 499, 502, 480, 900, 401);
        assertThat(said).singleElement().asString().contains("atlas", "501 MiB", "1,000");
        retains(399, 450, 500);
        assertThat(said).hasSize(2).last().asString().contains("399 MiB", "again");
        retains(600);
        assertThat(said).hasSize(3);
    }

    @Test
    void whatIsNotKnownEndsNothing() {
        retains(600);
        hear(SlotState.UNKNOWN, OptionalLong.empty());
        retains(600);
        assertThat(said).hasSize(1);
    }

    @Test
    void aLostSlotIsSaidOnceUntilThereIsAnotherOne() {
        hear(SlotState.LOST, OptionalLong.empty());
        hear(SlotState.LOST, OptionalLong.empty());
        hear(SlotState.UNKNOWN, OptionalLong.empty());
        hear(SlotState.LOST, OptionalLong.empty());
        assertThat(said).singleElement().asString().contains("atlas", "lost");
        retains(10);
        hear(SlotState.LOST, OptionalLong.empty());
        assertThat(said).hasSize(2);
    }

    private void retains(long... mebibytes) {
        for (long retained : mebibytes) {
            hear(SlotState.STREAMING, OptionalLong.of(retained << 20));
        }
    }

    private void hear(SlotState state, OptionalLong retained) {
        alarm.heard(new CaptureLag(
                        new SlotStatus("atlas", state, true, Instant.EPOCH, "a test says so"),
                        retained,
                        OptionalLong.empty(),
                        OptionalLong.of(LIMIT),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty()))
                .ifPresent(said::add);
    }
}
