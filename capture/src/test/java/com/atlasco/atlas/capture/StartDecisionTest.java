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

    private static final String STORE = "store";
    private static final Optional<ServerFacts.Slot> SLOT = slot(true, false, 900, Optional.of(STORE));

    @Test
    void aSlotThatHasWhatTheStoreLacksIsResumed() {
        StartDecision decision = decide(server(7, 1, 5_000, SLOT), stored(7, 1), false);
        assertThat(decision)
                .isEqualTo(new StartDecision.Resume(
                        new Position(7, 1, new Lsn(1_200)),
                        new Lsn(1_000),
                        Optional.of(new ChangeOrder(new Lsn(1_000), 3))));
    }

    @Test
    void aSlotConfirmedExactlyUpToTheStoreIsResumed() {
        assertThat(decide(server(7, 1, 5_000, slot(true, false, 1_000, Optional.of(STORE))), stored(7, 1), false))
                .isInstanceOf(StartDecision.Resume.class);
    }

    @Test
    void aSlotThatNobodyNotedBelongsToTheStoreThatItFits() {
        assertThat(decide(server(7, 1, 5_000, slot(true, false, 900, Optional.empty())), stored(7, 1), false))
                .isInstanceOf(StartDecision.Resume.class);
    }

    @Test
    void whatTheSlotCannotServeNeedsASnapshotAndSaysWhy() {
        assertSnapshot(server(7, 1, 5_000, SLOT), Optional.empty(), "empty");
        assertSnapshot(server(7, 1, 5_000, Optional.empty()), Optional.empty(), "empty");
        assertSnapshot(server(7, 1, 5_000, Optional.empty()), stored(7, 1), "gone");
        assertSnapshot(
                server(7, 1, 5_000, slot(false, false, 900, Optional.of(STORE))), stored(7, 1), "another database");
        assertSnapshot(server(7, 1, 5_000, slot(true, true, 900, Optional.of(STORE))), stored(7, 1), "lost");
        assertSnapshot(server(7, 1, 5_000, slot(true, false, 1_001, Optional.of(STORE))), stored(7, 1), "beyond");
    }

    @Test
    void whatMayBeSomebodyElsesIsRefusedWithARemedy() {
        assertRefused(
                server(7, 1, 5_000, slot(true, false, 900, Optional.of("other"))),
                stored(7, 1),
                "another analytics store, other",
                true);
        assertRefused(
                server(7, 1, 5_000, slot(true, false, 900, Optional.of("other"))),
                Optional.empty(),
                "another analytics store, other",
                true);
        assertRefused(
                server(7, 1, 5_000, slot(true, false, 900, Optional.empty())),
                Optional.empty(),
                "another store may need it",
                true);
        assertRefused(server(8, 1, 5_000, SLOT), stored(7, 1), "system 7", false);
        assertRefused(server(7, 2, 5_000, SLOT), stored(7, 1), "timeline 1", false);
        assertRefused(server(7, 1, 999, SLOT), stored(7, 1), "older state", false);
    }

    @Test
    void afterAFailoverTheStoreGoesOnWhereItKnowsNothingThatTheServerDoesNot() {
        assertThat(decide(server(7, 3, 5_000, SLOT, ancestor(2, 1_500), ancestor(1, 1_200)), stored(7, 1), false))
                .isEqualTo(new StartDecision.Resume(
                        new Position(7, 3, new Lsn(1_200)),
                        new Lsn(1_000),
                        Optional.of(new ChangeOrder(new Lsn(1_000), 3))));
        ServerFacts lostSome = server(7, 3, 5_000, SLOT, ancestor(2, 1_500), ancestor(1, 1_199));
        assertRefused(lostSome, stored(7, 1), "branched off at 0/4AF", false);
        assertThat(decide(lostSome, stored(7, 1), true)).isInstanceOf(StartDecision.Snapshot.class);
        // Even where it is wished the store of another system is kept.
        assertThat(decide(server(8, 3, 5_000, SLOT), stored(7, 1), true)).isInstanceOf(StartDecision.Refuse.class);
    }

    @Test
    void aTimelineHistoryIsReadTheLatestFirst() {
        assertThat(SourceServer.ancestors("""
                        1\t0/3000A28\tno recovery target specified

                        # a comment
                        2\t0/5000060\tat restore point "before"
                        """))
                .containsExactly(
                        new ServerFacts.Ancestor(2, Lsn.parse("0/5000060")),
                        new ServerFacts.Ancestor(1, Lsn.parse("0/3000A28")));
    }

    private static StartDecision decide(ServerFacts server, Optional<Watermark> stored, boolean onNewTimeline) {
        return StartDecision.of(server, stored, STORE, onNewTimeline);
    }

    private static void assertSnapshot(ServerFacts server, Optional<Watermark> stored, String reason) {
        assertThat(decide(server, stored, false))
                .isInstanceOfSatisfying(
                        StartDecision.Snapshot.class,
                        snapshot -> assertThat(snapshot.reason()).contains(reason));
    }

    private static void assertRefused(
            ServerFacts server, Optional<Watermark> stored, String reason, boolean foreignSlot) {
        assertThat(decide(server, stored, false)).isInstanceOfSatisfying(StartDecision.Refuse.class, refused -> {
            assertThat(refused.reason()).contains(reason);
            assertThat(refused.remedy()).contains("atlas resync");
            assertThat(refused.foreignSlot()).isEqualTo(foreignSlot);
        });
    }

    private static ServerFacts server(
            long systemId,
            int timeline,
            long logEnd,
            Optional<ServerFacts.Slot> slot,
            ServerFacts.Ancestor... ancestors) {
        return new ServerFacts(systemId, timeline, new Lsn(logEnd), slot, List.of(ancestors));
    }

    private static ServerFacts.Ancestor ancestor(int timeline, long end) {
        return new ServerFacts.Ancestor(timeline, new Lsn(end));
    }

    private static Optional<ServerFacts.Slot> slot(
            boolean usable, boolean lost, long confirmed, Optional<String> owner) {
        return Optional.of(new ServerFacts.Slot(usable, lost, new Lsn(confirmed), owner));
    }

    private static Optional<Watermark> stored(long systemId, int timeline) {
        return Optional.of(new Watermark(
                new Position(systemId, timeline, new Lsn(1_200)),
                Optional.of(new ChangeOrder(new Lsn(1_000), 3)),
                List.of(),
                new Lsn(1_000).toString(),
                true));
    }
}
