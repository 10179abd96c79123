package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.freshness.SourceStatus.Contained;
import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadPermitTest {

    @Test
    void aSnapshotWithTheHeartbeatAndTheTokenIsConfirmed() {
        permit(Optional.empty()).confirm(seen(5, position(1, 100), position(1, 100)));
        permit(Optional.of(position(1, 150))).confirm(seen(5, position(1, 100), position(1, 150)));
        permit(Optional.of(position(1, 150))).confirm(seen(6, position(1, 150), position(1, 120)));
    }

    @Test
    void aSnapshotWithoutTheKnownHeartbeatIsRefused() {
        assertRefused(Optional.empty(), seen(4, position(1, 100), position(1, 200)));
        assertRefused(Optional.empty(), new Observation(Optional.empty(), Optional.of(position(1, 200)), Map.of()));
    }

    @Test
    void aSnapshotOfAnotherHistoryIsRefused() {
        assertRefused(Optional.empty(), seen(5, position(2, 100), position(1, 200)));
        assertRefused(Optional.empty(), seen(5, position(1, 100), position(2, 200)));
    }

    @Test
    void aSnapshotWithoutTheTokensWriteIsRefused() {
        assertRefused(Optional.of(position(1, 150)), seen(5, position(1, 100), position(1, 149)));
        assertRefused(Optional.of(position(2, 50)), seen(5, position(1, 100), position(1, 149)));
    }

    @Test
    void aReplicaThatShowsLessThanItWasKnownToIsRefused() {
        permit(Optional.empty()).confirm(Optional.of(position(1, 100)));
        permit(Optional.empty()).confirm(Optional.empty());
        for (Position less : List.of(position(1, 99), position(2, 200))) {
            assertThatThrownBy(() -> permit(Optional.empty()).confirm(Optional.of(less)))
                    .isInstanceOf(AtlasException.class);
        }
    }

    private static void assertRefused(Optional<Position> token, Observation snapshot) {
        assertThatThrownBy(() -> permit(token).confirm(snapshot)).isInstanceOf(AtlasException.class);
    }

    /** Of a replica that is known to contain the fifth heartbeat, and timeline 1 up to 100. */
    private static ReadPermit permit(Optional<Position> token) {
        SourceStatus status = new SourceStatus(
                Source.REPLICA,
                State.HEALTHY,
                Optional.of(new Contained(5, 0, 0)),
                Optional.of(position(1, 100)),
                0,
                Instant.EPOCH,
                "it keeps up");
        MonitoredSource source = new MonitoredSource() {
            @Override
            public Source source() {
                return Source.REPLICA;
            }

            @Override
            public SourceStatus status() {
                return status;
            }
        };
        return new ReadPermit(source, status, Duration.ZERO, 0, token.map(ConsistencyToken::new), false);
    }

    private static Observation seen(long sequence, Position heartbeat, Position replayed) {
        return new Observation(
                Optional.of(new Heartbeat("node-1", sequence, heartbeat, Instant.EPOCH)),
                Optional.of(replayed),
                Map.of());
    }

    private static Position position(int timeline, long lsn) {
        return new Position(1, timeline, new Lsn(lsn));
    }
}
