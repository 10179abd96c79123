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
    private static final Optional<StreamPlace.Transaction> LAST =
            Optional.of(new StreamPlace.Transaction(740, 1_700_000_000_000_001L));

    @Test
    void aSlotThatHasWhatTheStoreLacksIsResumed() {
        StartDecision decision = decide(server(7, 1, 5_000, SLOT), stored(7, 1), false);
        assertThat(decision)
                .isEqualTo(new StartDecision.Resume(
                        new Position(7, 1, new Lsn(1_200)),
                        new StreamPlace(new Lsn(1_000), LAST),
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
                        new StreamPlace(new Lsn(1_000), LAST),
                        Optional.of(new ChangeOrder(new Lsn(1_000), 3))));
        ServerFacts lostSome = server(7, 3, 5_000, SLOT, ancestor(2, 1_500), ancestor(1, 1_199));
        assertRefused(lostSome, stored(7, 1), "branched off at 0/4AF", false);
        assertThat(decide(lostSome, stored(7, 1), true)).isInstanceOf(StartDecision.Snapshot.class);
        // Even where it is wished the store of another system is kept.
        assertThat(decide(server(8, 3, 5_000, SLOT), stored(7, 1), true)).isInstanceOf(StartDecision.Refuse.class);
    }

    @Test
    void aServerThatWasTakenOverFromIsRefusedWhateverIsWished() {
        for (boolean wished : new boolean[] {false, true}) {
            assertThat(decide(server(7, 1, 5_000, SLOT), stored(7, 2), wished))
                    .isInstanceOfSatisfying(StartDecision.Refuse.class, refused -> {
                        assertThat(refused.reason()).contains("took over");
                        assertThat(refused.foreignSlot()).isFalse();
                    });
        }
    }

    @Test
    void afterAFailoverWhatMayBeMoreThanTheServerHasIsNotGoneOnWith() {
        ServerFacts promoted = server(7, 2, 5_000, SLOT, ancestor(1, 1_200));
        Watermark watermark = stored(7, 1).orElseThrow();
        assertMore(promoted, facts(watermark, true, 0, Optional.empty()), "of a snapshot");
        assertMore(promoted, facts(watermark, false, 1_201, Optional.empty()), "rows were read");
        assertThat(StartDecision.of(promoted, facts(watermark, false, 1_200, Optional.empty()), false))
                .isInstanceOf(StartDecision.Resume.class);
        assertMore(
                promoted,
                facts(noted(watermark, Optional.empty()), false, 0, Optional.empty()),
                "the last in the store is not noted");
        // A store that has nothing behind its boundary needs no note.
        Watermark whole = new Watermark(
                watermark.position(),
                Optional.of(new ChangeOrder(new Lsn(1_000), 0)),
                List.of(),
                new Lsn(1_000).toString(),
                true);
        assertThat(StartDecision.of(promoted, facts(whole, false, 0, Optional.empty()), false))
                .isInstanceOf(StartDecision.Resume.class);
    }

    @Test
    void onTheSameTimelineSnapshotsAndReadsAreGoneOnWith() {
        Watermark watermark = stored(7, 1).orElseThrow();
        assertThat(StartDecision.of(
                        server(7, 1, 5_000, SLOT),
                        facts(noted(watermark, Optional.empty()), true, 4_000, Optional.empty()),
                        false))
                .isInstanceOf(StartDecision.Resume.class);
    }

    @Test
    void whatTheStreamContradictedIsNotTriedAgain() {
        assertMore(
                server(7, 1, 5_000, SLOT),
                facts(stored(7, 1).orElseThrow(), false, 0, Optional.of("another transaction was there")),
                "another transaction was there");
    }

    private static void assertMore(ServerFacts server, StoreFacts store, String reason) {
        assertThat(StartDecision.of(server, store, false))
                .isInstanceOfSatisfying(StartDecision.Refuse.class, refused -> {
                    assertThat(refused.reason()).contains(reason);
                    assertThat(refused.foreignSlot()).isFalse();
                });
        assertThat(StartDecision.of(server, store, true))
                .isInstanceOfSatisfying(
                        StartDecision.Snapshot.class,
                        snapshot -> assertThat(snapshot.reason()).contains(reason));
    }

    private static StoreFacts facts(
            Watermark watermark, boolean snapshotUnderWay, long readUntil, Optional<String> contradicted) {
        return new StoreFacts(STORE, Optional.of(watermark), snapshotUnderWay, new Lsn(readUntil), contradicted);
    }

    private static Watermark noted(Watermark watermark, Optional<StreamPlace.Transaction> last) {
        return new Watermark(
                watermark.position(),
                watermark.order(),
                List.of(),
                new StreamPlace(new Lsn(1_000), last).toString(),
                true);
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
        return StartDecision.of(
                server, new StoreFacts(STORE, stored, false, Lsn.ZERO, Optional.empty()), onNewTimeline);
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
                new StreamPlace(new Lsn(1_000), LAST).toString(),
                true));
    }
}
