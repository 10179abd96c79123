package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void theInnermostMessageSaysWhatHappened() {
        assertThat(Failures.describe(new ExecutionException(
                        "An exception occurred", new IllegalStateException("Connection refused"))))
                .isEqualTo("Connection refused");
    }

    @Test
    void aFailureWithoutAMessageIsNamedByItsClass() {
        assertThat(Failures.describe(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void theNeedForASnapshotIsFoundUnderDebeziumsWrapping() {
        assertThat(Failures.snapshotNeeded(new ExecutionException(new SnapshotNeededException("truncated"))))
                .contains("truncated");
        assertThat(Failures.snapshotNeeded(new IllegalStateException())).isEmpty();
    }
}
