package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.freshness.PrimaryMonitor.TokenVerdict;
import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HeartbeatPulseTest {

    private final VirtualTime time = new VirtualTime(12_345);
    private final HeartbeatLog log = new HeartbeatLog("node-1", 10);
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, new ProgressSignal());
    private final HeartbeatPulse pulse = new HeartbeatPulse(log, primary, time::ticker);

    @Test
    void theMomentIsThatBeforeTheSendingByTheMonotonicClock() {
        HeartbeatPulse.Beat beat = pulse.begin();
        time.advance(1_000_000);
        pulse.succeeded(beat, heartbeat("node-1", beat.sequence()));
        assertThat(beat.moment()).isEqualTo(12_345);
        assertThat(log.moment("node-1", beat.sequence())).hasValue(12_345);
        assertThat(primary.status().state()).isEqualTo(State.HEALTHY);
    }

    @Test
    void whatWasSentBeforeATokenArrivedDisprovesNothing() {
        Position ahead = new Position(1, 1, new Lsn(200));
        pulse.succeeded(pulse.begin(), heartbeat("node-1", 1));
        HeartbeatPulse.Beat second = pulse.begin();
        time.advance(1_000_000);
        long arrival = time.ticker();
        time.advance(1_000_000);
        pulse.succeeded(second, heartbeat("node-1", 2));
        pulse.succeeded(pulse.begin(), heartbeat("node-1", 3));
        assertThat(primary.verdict(ahead, arrival)).as("one was sent since").isEqualTo(TokenVerdict.PENDING);
        pulse.succeeded(pulse.begin(), heartbeat("node-1", 4));
        assertThat(primary.verdict(ahead, arrival)).isEqualTo(TokenVerdict.IMPOSSIBLE);
    }

    @Test
    void anotherHeartbeatThanWasSentIsAFailure() {
        for (int i = 0; i < 3; i++) {
            HeartbeatPulse.Beat beat = pulse.begin();
            pulse.succeeded(beat, heartbeat("node-1", beat.sequence() - 1));
            assertThat(primary.status().state()).isNotEqualTo(State.HEALTHY);
            pulse.succeeded(beat, heartbeat("node-2", beat.sequence()));
            assertThat(primary.status().state()).isNotEqualTo(State.HEALTHY);
        }
        assertThat(primary.status().state()).isEqualTo(State.UNREACHABLE);
    }

    private static Heartbeat heartbeat(String node, long sequence) {
        return new Heartbeat(node, sequence, new Position(1, 1, new Lsn(100)), Instant.EPOCH);
    }
}
