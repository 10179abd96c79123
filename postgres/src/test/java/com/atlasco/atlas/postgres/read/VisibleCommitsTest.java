package com.atlasco.atlas.postgres.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VisibleCommitsTest {

    private final Deque<Set<Long>> snapshots = new ArrayDeque<>();
    private int asked;
    private long now;

    private final VisibleCommits visible = new VisibleCommits(this::inProgress, () -> now);

    private Set<Long> inProgress() {
        asked++;
        now += 10_000_000;
        return snapshots.size() > 1 ? snapshots.pop() : snapshots.getFirst();
    }

    @Test
    void whoWasInProgressIsAwaitedAndWhoCameLaterIsNot() {
        snapshots.addAll(List.of(Set.of(1L, 2L), Set.of(2L, 3L), Set.of(3L, 4L)));
        visible.await(position(100));
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void whatWasShownOnceIsNotAskedForAgain() {
        snapshots.add(Set.of());
        visible.await(position(100));
        visible.await(position(100));
        visible.await(position(50));
        assertThat(asked).isEqualTo(1);
        visible.await(position(101));
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void aTransactionAtWorkIsNotAwaitedForEver() {
        snapshots.add(Set.of(7L));
        visible.await(position(100));
        assertThat(now).isBetween(250_000_000L, 400_000_000L);
        visible.await(position(100));
        assertThat(now).as("and not taken for shown").isGreaterThan(500_000_000L);
    }

    @Test
    void theTextOfASnapshotNamesThoseInProgress() {
        assertThat(VisibleCommits.inProgress("750:755:750,752")).containsExactlyInAnyOrder(750L, 752L);
        assertThat(VisibleCommits.inProgress("755:755:")).isEmpty();
    }

    private static Position position(long lsn) {
        return new Position(1, 1, new Lsn(lsn));
    }
}
