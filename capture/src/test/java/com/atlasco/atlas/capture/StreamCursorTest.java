package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StreamCursorTest {

    @Test
    void recordsOfATransactionAreNumberedFromOne() {
        StreamCursor cursor = StreamCursor.resume(new Lsn(100), Optional.empty());
        assertThat(cursor.next(OptionalLong.of(100))).isEqualTo(order(100, 1));
        assertThat(cursor.next(OptionalLong.of(100))).isEqualTo(order(100, 2));
        assertThat(cursor.next(OptionalLong.of(170))).isEqualTo(order(170, 1));
        assertThat(cursor.boundary()).isEqualTo(new Lsn(170));
    }

    @Test
    void theFirstTransactionAfterASnapshotLiesBehindAllItsRows() {
        ChangeOrder rows = order(100, 0);
        StreamCursor cursor = StreamCursor.resume(new Lsn(100), Optional.of(rows));
        ChangeOrder first = cursor.next(OptionalLong.of(100));
        assertThat(first).isGreaterThan(rows);
        assertThat(cursor.isReplay(first)).isFalse();
        assertThat(cursor.next(OptionalLong.of(130))).isGreaterThan(first);
    }

    @Test
    void aReplayFromAnyBoundaryGivesEveryRecordTheSameOrder() {
        long[] precedingCommits = {100, 100, 100, 150, 170, 170, 260};
        List<ChangeOrder> whole = orders(StreamCursor.resume(new Lsn(100), Optional.empty()), precedingCommits, 0);
        assertThat(whole).isSorted().doesNotHaveDuplicates();
        for (int from : new int[] {0, 3, 4, 6}) {
            StreamCursor cursor = StreamCursor.resume(new Lsn(precedingCommits[from]), Optional.empty());
            assertThat(orders(cursor, precedingCommits, from)).isEqualTo(whole.subList(from, whole.size()));
        }
    }

    @Test
    void whatWasAppliedInTheMiddleOfATransactionIsAReplay() {
        StreamCursor cursor = StreamCursor.resume(new Lsn(100), Optional.of(order(100, 2)));
        assertThat(cursor.isReplay(cursor.next(OptionalLong.of(100)))).isTrue();
        assertThat(cursor.isReplay(cursor.next(OptionalLong.of(100)))).isTrue();
        assertThat(cursor.isReplay(cursor.next(OptionalLong.of(100)))).isFalse();
    }

    @Test
    void lsnsAreUnsigned() {
        StreamCursor cursor = StreamCursor.resume(new Lsn(Long.MAX_VALUE), Optional.empty());
        assertThat(cursor.next(OptionalLong.of(Long.MIN_VALUE))).isEqualTo(order(Long.MIN_VALUE, 1));
    }

    @Test
    void aLogThatGoesBackIsAnError() {
        StreamCursor cursor = StreamCursor.resume(new Lsn(100), Optional.empty());
        assertThatThrownBy(() -> cursor.next(OptionalLong.of(99)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("went back");
    }

    private static List<ChangeOrder> orders(StreamCursor cursor, long[] precedingCommits, int from) {
        List<ChangeOrder> orders = new ArrayList<>();
        for (int i = from; i < precedingCommits.length; i++) {
            orders.add(cursor.next(OptionalLong.of(precedingCommits[i])));
        }
        return orders;
    }

    private static ChangeOrder order(long commit, long ordinal) {
        return new ChangeOrder(new Lsn(commit), ordinal);
    }
}
