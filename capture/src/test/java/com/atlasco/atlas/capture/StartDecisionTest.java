package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartDecisionTest {

    private static final Optional<ServerFacts.Slot> SLOT = slot(true, false, 900);

    @Test
    void aSlotThatHasWhatTheStoreLacksIsResumed() {
        StartDecision decision = StartDecision.of(server(7, 1, 5_000, SLOT), stored(7, 1, true));
        assertThat(decision)
                .isEqualTo(new StartDecision.Resume(
                        new Position(7, 1, new Lsn(1_200)),
                        new Lsn(1_000),
                        Optional.of(new ChangeOrder(new Lsn(1_000), 3))));
    }

    @Test
    void aSlotConfirmedExactlyUpToTheStoreIsResumed() {
        assertThat(StartDecision.of(server(7, 1, 5_000, slot(true, false, 1_000)), stored(7, 1, true)))
                .isInstanceOf(StartDecision.Resume.class);
    }

    @Test
    void anythingElseNeedsASnapshotAndSaysWhy() {
        assertSnapshot(server(7, 1, 5_000, SLOT), Optional.empty(), "empty");
        assertSnapshot(server(7, 1, 5_000, Optional.empty()), Optional.empty(), "empty");
        assertSnapshot(server(7, 1, 5_000, SLOT), stored(7, 1, false), "not completed");
        assertSnapshot(server(8, 1, 5_000, SLOT), stored(7, 1, true), "system 7");
        assertSnapshot(server(7, 2, 5_000, SLOT), stored(7, 1, true), "timeline 1");
        assertSnapshot(server(7, 1, 999, SLOT), stored(7, 1, true), "older state");
        assertSnapshot(server(7, 1, 5_000, Optional.empty()), stored(7, 1, true), "gone");
        assertSnapshot(server(7, 1, 5_000, slot(false, false, 900)), stored(7, 1, true), "another database");
        assertSnapshot(server(7, 1, 5_000, slot(true, true, 900)), stored(7, 1, true), "lost");
        assertSnapshot(server(7, 1, 5_000, slot(true, false, 1_001)), stored(7, 1, true), "beyond");
    }

    private static void assertSnapshot(ServerFacts server, Optional<Watermark> stored, String reason) {
        assertThat(StartDecision.of(server, stored)).isInstanceOfSatisfying(StartDecision.Snapshot.class, snapshot -> {
            assertThat(snapshot.reason()).contains(reason);
            assertThat(snapshot.systemId()).isEqualTo(server.systemId());
            assertThat(snapshot.timeline()).isEqualTo(server.timeline());
        });
    }

    private static ServerFacts server(long systemId, int timeline, long logEnd, Optional<ServerFacts.Slot> slot) {
        return new ServerFacts(systemId, timeline, new Lsn(logEnd), slot);
    }

    private static Optional<ServerFacts.Slot> slot(boolean usable, boolean lost, long confirmed) {
        return Optional.of(new ServerFacts.Slot(usable, lost, new Lsn(confirmed)));
    }

    private static Optional<Watermark> stored(long systemId, int timeline, boolean complete) {
        return Optional.of(new Watermark(
                new Position(systemId, timeline, new Lsn(1_200)),
                Optional.of(new ChangeOrder(new Lsn(1_000), 3)),
                List.of(),
                new Lsn(1_000).toString(),
                complete));
    }
}
