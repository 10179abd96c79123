package com.atlasco.atlas.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.postgres.HeartbeatReader.Observation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartbeatReaderTest {

    @Test
    void aReplicaThatWasPromotedIsNotReadAsOne() {
        Observation standby = observation(true);
        assertThat(standby.ofStandby()).isSameAs(standby);
        assertThatThrownBy(() -> observation(false).ofStandby())
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
    }

    private static Observation observation(boolean inRecovery) {
        return new Observation(Optional.empty(), new Position(1, 2, new Lsn(100)), inRecovery, false, inRecovery);
    }
}
