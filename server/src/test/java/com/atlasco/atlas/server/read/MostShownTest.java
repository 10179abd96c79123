package com.atlasco.atlas.server.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MostShownTest {

    private static final Position END = position(1, 2, 500);

    @Test
    void itIsTheEndOfThePrimarysLogWhichMayBeBeyondTheWatermark() {
        assertThat(shown(Optional.of(position(1, 2, 300)))).contains(END);
    }

    @Test
    void aStoreOfAnotherHistoryShowsWhatIsInNoLogOfThePrimary() {
        assertThat(shown(Optional.of(position(1, 1, 300)))).isEmpty();
        assertThat(shown(Optional.of(position(9, 2, 300)))).isEmpty();
        assertThat(shown(Optional.empty())).isEmpty();
    }

    @Test
    void aPrimaryThatIsAwayIsNotAskedAndOneThatFailsIsNoFailureOfTheRead() {
        assertThat(new MostShown(
                                () -> false,
                                () -> {
                                    throw new AssertionError("it was asked");
                                },
                                () -> Optional.of(END))
                        .get())
                .isEmpty();
        assertThat(new MostShown(
                                () -> true,
                                () -> {
                                    throw Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "it is away")
                                            .asException();
                                },
                                () -> Optional.of(END))
                        .get())
                .isEmpty();
    }

    private static Optional<Position> shown(Optional<Position> store) {
        return new MostShown(() -> true, () -> Optional.of(END), () -> store).get();
    }

    private static Position position(long system, int timeline, long lsn) {
        return new Position(system, timeline, new Lsn(lsn));
    }
}
