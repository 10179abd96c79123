package com.atlasco.atlas.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.capture.CaptureObserver;
import com.atlasco.atlas.capture.CapturePipeline;
import com.atlasco.atlas.capture.CaptureState;
import com.atlasco.atlas.embedded.EmbeddedOptions;
import com.atlasco.atlas.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a cluster of its own, since it kills it. */
class PrimaryRestartIT {

    @Test
    void captureGoesOnByItselfAfterThePrimaryWasKilled(@TempDir Path directory) throws Exception {
        ModelStore store = new ModelStore();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedOptions.of(directory.resolve("cluster")))) {
            CaptureSource source =
                    new CaptureSource(postgres.primary(), postgres.primary().database(), "atlas");
            source.prepare();
            source.insert(1, 50, "before");
            try (CapturePipeline pipeline = new CapturePipeline(source.settings(), store, CaptureObserver.none())) {
                pipeline.start();
                await().atMost(Duration.ofSeconds(30))
                        .until(() ->
                                store.rows().size() == 50 && pipeline.status().state() == CaptureState.STREAMING);

                postgres.killPrimary();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> pipeline.status().state() == CaptureState.FAILED);
                assertThat(pipeline.status().failure()).isPresent();

                postgres.startPrimary();
                source.insert(51, 100, "after");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> store.rows().size() == 100
                                && pipeline.status().state() == CaptureState.STREAMING
                                && pipeline.status().failure().isEmpty());
            }
        }
        assertThat(store.resets()).isZero();
        assertThat(store.streamed()).hasSize(50).doesNotHaveDuplicates();
        assertThat(store.violations()).isEmpty();
    }
}
