package com.atlasco.atlas.postgres.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VisibleCommitsTest {

    private final Deque<Map<Long, Boolean>> looks = new ArrayDeque<>();
    private int asked;
    private long now;

    private final VisibleCommits visible = new VisibleCommits(this::committing, () -> now);

    private Map<Long, Boolean> committing() {
        asked++;
        now += 10_000_000;
        return looks.size() > 1 ? looks.pop() : looks.getFirst();
    }

    @Test
    void whoWasCommittingIsAwaitedAndWhoCameLaterIsNot() {
        looks.addAll(List.of(Map.of(1L, false, 2L, true), Map.of(2L, true, 3L, false), Map.of(3L, false, 4L, false)));
        visible.await(position(100));
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void whatWasShownOnceIsNotAskedForAgain() {
        looks.add(Map.of());
        visible.await(position(100));
        visible.await(position(100));
        visible.await(position(50));
        assertThat(asked).isEqualTo(1);
        visible.await(position(101));
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void whatIsAtWorkIsNotAwaitedForEver() {
        looks.add(Map.of(7L, false));
        visible.await(position(100));
        assertThat(now).isBetween(2_000_000_000L, 2_200_000_000L);
        visible.await(position(100));
        assertThat(now).as("and not taken for shown").isGreaterThan(4_000_000_000L);
    }

    @Test
    void aCommitThatAwaitsAStandbyForLongIsNotPassedOver() {
        looks.addAll(List.of(Map.of(7L, false, 8L, true), Map.of(7L, true)));
        assertThatThrownBy(() -> visible.await(position(100)))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.FRESHNESS_UNAVAILABLE));
        assertThat(now).isGreaterThan(2_000_000_000L);
    }

    private static Position position(long lsn) {
        return new Position(1, 1, new Lsn(lsn));
    }
}
