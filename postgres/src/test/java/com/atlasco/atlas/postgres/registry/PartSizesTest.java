package com.atlasco.atlas.postgres.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartSizesTest {

    private static final PivotJobTable.Job JOB = new PivotJobTable.Job(new TenantId(1), 1);
    private static final PivotJobTable.Job OTHER = new PivotJobTable.Job(new TenantId(1), 2);

    private final PartSizes sizes = new PartSizes();

    @Test
    void partsThatTakeTooLongAreHalvedDownToOne() {
        sizes.tooLong(JOB);
        assertThat(sizes.of(JOB, 2_000)).isEqualTo(1_000);
        assertThat(sizes.of(OTHER, 2_000)).isEqualTo(2_000);
        for (int i = 0; i < 100; i++) {
            sizes.tooLong(JOB);
        }
        assertThat(sizes.of(JOB, 2_000)).isEqualTo(1);
    }

    @Test
    void theyGrowAgainWhenManyWereDoneInARow() {
        sizes.tooLong(JOB);
        sizes.tooLong(JOB);
        done(19);
        assertThat(sizes.of(JOB, 2_000)).isEqualTo(500);
        done(1);
        assertThat(sizes.of(JOB, 2_000)).isEqualTo(1_000);
        done(10);
        sizes.tooLong(JOB);
        done(19);
        assertThat(sizes.of(JOB, 2_000)).isEqualTo(500);
        done(21);
        assertThat(sizes.of(JOB, 2_000)).isEqualTo(2_000);
    }

    @Test
    void ofAJobThatIsOverNothingIsKept() {
        sizes.tooLong(JOB);
        sizes.retain(List.of(OTHER));
        assertThat(sizes.of(JOB, 2_000)).isEqualTo(2_000);
    }

    private void done(int times) {
        for (int i = 0; i < times; i++) {
            sizes.done(JOB);
        }
    }
}
