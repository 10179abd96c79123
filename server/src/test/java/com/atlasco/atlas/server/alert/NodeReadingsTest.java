package com.atlasco.atlas.server.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.capture.lag.CaptureLag;
import com.atlasco.atlas.capture.lag.SlotState;
import com.atlasco.atlas.capture.lag.SlotStatus;
import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.SourceStatus;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NodeReadingsTest {

    private static final long NOW = Duration.ofSeconds(10).toNanos();

    private static MonitoredSource source(Source source, SourceStatus.State state, boolean contained) {
        return source(source, state, contained ? Optional.of(Duration.ofSeconds(7)) : Optional.empty());
    }

    private static MonitoredSource source(Source source, SourceStatus.State state, Optional<Duration> age) {
        SourceStatus status = new SourceStatus(
                source,
                state,
                age.map(old -> new SourceStatus.Contained(1, NOW - old.toNanos(), NOW - old.toNanos())),
                Optional.empty(),
                1,
                Instant.EPOCH,
                "as the test says");
        return new MonitoredSource() {
            @Override
            public Source source() {
                return source;
            }

            @Override
            public SourceStatus status() {
                return status;
            }
        };
    }

    private static NodeReadings of(MonitoredSource... sources) {
        return new NodeReadings(List.of(sources), Optional::empty, () -> NOW);
    }

    private static NodeReadings of(CaptureLag lag) {
        return new NodeReadings(List.of(), () -> Optional.of(lag), () -> NOW);
    }

    @Test
    void aLagIsTheBoundNowAndThatOfWhatIsNotReachedIsNotKnown() {
        assertThat(of(source(Source.REPLICA, SourceStatus.State.LAGGING, true)).read(AlertMetric.REPLICA_LAG_MS))
                .hasValue(7_000);
        assertThat(of(source(Source.REPLICA, SourceStatus.State.UNREACHABLE, true))
                        .read(AlertMetric.REPLICA_LAG_MS))
                .isEmpty();
        assertThat(of(source(Source.OLAP, SourceStatus.State.UNKNOWN, false)).read(AlertMetric.OLAP_LAG_MS))
                .isEmpty();
        assertThat(of(source(Source.PRIMARY, SourceStatus.State.HEALTHY, false)).read(AlertMetric.PRIMARY_UNREACHABLE))
                .hasValue(0);
        assertThat(of(source(Source.PRIMARY, SourceStatus.State.UNREACHABLE, false))
                        .read(AlertMetric.PRIMARY_UNREACHABLE))
                .hasValue(1);
    }

    @Test
    void ofSeveralReplicasTheWorstIsRead() {
        MonitoredSource fresh = source(Source.REPLICA, SourceStatus.State.HEALTHY, Optional.of(Duration.ofMillis(40)));
        assertThat(of(fresh, source(Source.REPLICA, SourceStatus.State.LAGGING, true))
                        .read(AlertMetric.REPLICA_LAG_MS))
                .hasValue(7_000);
        assertThat(of(fresh, source(Source.REPLICA, SourceStatus.State.UNREACHABLE, true))
                        .read(AlertMetric.REPLICA_LAG_MS))
                .isEmpty();
        assertThat(of(source(Source.REPLICA, SourceStatus.State.UNKNOWN, false), fresh)
                        .read(AlertMetric.REPLICA_LAG_MS))
                .isEmpty();
    }

    @Test
    void whatANodeDoesNotHaveIsNotMeasured() {
        NodeReadings alone = of(source(Source.PRIMARY, SourceStatus.State.HEALTHY, false));
        assertThat(alone.has(AlertMetric.PRIMARY_UNREACHABLE)).isTrue();
        assertThat(alone.has(AlertMetric.REPLICA_LAG_MS)).isFalse();
        assertThat(alone.has(AlertMetric.CAPTURE_BACKLOG_EVENTS)).isFalse();
    }

    @Test
    void aBacklogOfUnknownEventsIsAsManyAsThereIsRoomFor() {
        assertThat(of(lag(OptionalLong.of(5_000), OptionalLong.of(7), OptionalLong.empty()))
                        .read(AlertMetric.CAPTURE_BACKLOG_EVENTS))
                .hasValue(7);
        assertThat(of(lag(OptionalLong.of(5_000), OptionalLong.empty(), OptionalLong.empty()))
                        .read(AlertMetric.CAPTURE_BACKLOG_EVENTS))
                .hasValue(100);
        assertThat(of(lag(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()))
                        .read(AlertMetric.CAPTURE_BACKLOG_EVENTS))
                .isEmpty();
        assertThat(of().read(AlertMetric.CAPTURE_BACKLOG_BYTES)).isEqualTo(OptionalDouble.empty());
    }

    @Test
    void aSlotWithoutALimitRetainsNoShareOfItAndOneThatIsGoneIsNotKnown() {
        assertThat(of(lag(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(60)))
                        .read(AlertMetric.SLOT_RETAINED_SHARE))
                .hasValue(0);
        assertThat(of(lag(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()))
                        .read(AlertMetric.SLOT_RETAINED_SHARE))
                .isEmpty();
    }

    private static CaptureLag lag(OptionalLong backlogBytes, OptionalLong backlogEvents, OptionalLong retained) {
        return new CaptureLag(
                SLOT,
                retained,
                OptionalLong.empty(),
                OptionalLong.empty(),
                backlogBytes,
                backlogEvents,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty());
    }

    private static final SlotStatus SLOT =
            new SlotStatus("atlas", SlotState.STREAMING, true, Instant.EPOCH, "as the test says");
}
