package com.atlasco.atlas.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of Debezium's engine, from its creation to its end. It cannot be started twice.
 *
 * <p>Debezium's engine must not be closed while its tasks start, and must not be interrupted: either leaves
 * connections behind, and with them an active slot. Hence {@link #stop} waits for the started callback.
 */
final class EngineRun {

    private static final Logger LOGGER = LoggerFactory.getLogger(EngineRun.class);

    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final BatchApplier applier;
    private final CountDownLatch startedOrEnded = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Throwable> failure = Optional.empty();

    EngineRun(Properties properties, BatchApplier applier, Runnable onStarted) {
        this.applier = applier;
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(properties)
                .using(new DebeziumEngine.ConnectorCallback() {
                    @Override
                    public void pollingStarted() {
                        onStarted.run();
                        startedOrEnded.countDown();
                    }
                })
                .using((success, message, error) -> {
                    if (!success) {
                        failure = Optional.of(error != null ? error : new IllegalStateException(message));
                    }
                })
                .notifying(applier)
                .build();
    }

    /** Runs until the engine is stopped or fails; returns why it failed. */
    Optional<Throwable> run() {
        try {
            engine.run();
        } finally {
            ended.countDown();
            startedOrEnded.countDown();
        }
        return failure;
    }

    /**
     * Ends the run: waits until the engine has started, then for the batch that is being applied, then for the engine.
     *
     * @return false when the engine did not end in time
     */
    boolean stop(Duration startTimeout, Duration stopTimeout) throws InterruptedException {
        if (!startedOrEnded.await(startTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        // From here on Debezium may interrupt its polling thread, so that thread must not be in the store.
        applier.stop();
        Thread.ofPlatform().daemon().name("atlas-capture-close").start(this::closeEngine);
        return ended.await(stopTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void closeEngine() {
        try {
            engine.close();
        } catch (IllegalStateException alreadyEnding) {
            LOGGER.debug("The engine was ending by itself", alreadyEnding);
        } catch (IOException failed) {
            LOGGER.warn("The engine could not be closed cleanly", failed);
        }
    }
}
