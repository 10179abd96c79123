package com.atlasco.atlas.server.verify;

import com.atlasco.atlas.model.AtlasException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares all tiers again and again, in a thread of its own, which works a twentieth of the time at most. What it finds is
 * logged and counted, and not mended.
 */
public final class ContinuousVerification implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ContinuousVerification.class);
    private static final double SHARE = 0.05;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** Findings of a pass that are logged one by one. */
    private static final int MOST_LOGGED = 100;

    private final Verifier verifier;
    private final Duration between;
    private final LongSupplier ticker;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private ContinuousVerification(Verifier verifier, Duration between, LongSupplier ticker) {
        this.verifier = verifier;
        this.between = between;
        this.ticker = ticker;
        this.thread = Thread.ofPlatform().daemon().name("atlas-verify").unstarted(this::run);
    }

    /**
     * Begins with the first pass after a while.
     *
     * @param between how long it rests before each pass
     */
    public static ContinuousVerification start(Verifier verifier, Duration between, LongSupplier ticker) {
        ContinuousVerification continuous = new ContinuousVerification(verifier, between, ticker);
        continuous.thread.start();
        return continuous;
    }

    private void run() {
        try {
            while (!closing.await(between.toMillis(), TimeUnit.MILLISECONDS)) {
                pass();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass() throws InterruptedException {
        try {
            Log log = new Log();
            log.end(verifier.pass(new Pace(SHARE, ticker, this::pause), log));
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (AtlasException failed) {
            LOG.warn(
                    "A comparison of the tiers ended early: {}",
                    failed.problem().detail());
        } catch (IOException | RuntimeException | Error failed) {
            // Whatever it was: a thread that ended here would never be heard of again.
            LOG.error("A comparison of the tiers failed", failed);
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        if (closing.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("closing");
        }
    }

    private static final class Log implements VerifyListener {

        private int logged;

        @Override
        public void progress(VerifyProgress progress) {}

        @Override
        public void finding(Finding finding) {
            if (finding.kind() != Finding.Kind.UNDECIDED && logged++ < MOST_LOGGED) {
                LOG.warn(
                        "The tiers differ: tenant {}, {}, {} entity {} {}{}",
                        finding.tenant(),
                        finding.source().wireName(),
                        finding.kind().wireName(),
                        finding.entityId().isPresent() ? finding.entityId().getAsLong() : "-",
                        finding.attribute()
                                .map(name -> "attribute " + name + " ")
                                .orElse(""),
                        finding.property().orElse(""));
            }
        }

        void end(VerifySummary summary) {
            summary.sources()
                    .forEach((source, result) -> result.notCompared()
                            .ifPresent(why -> LOG.warn("The {} was not compared: {}", source.wireName(), why)));
            if (summary.findings() > 0) {
                LOG.warn("The tiers differ in {} places; {} entities compared", summary.findings(), summary.entities());
            } else {
                LOG.info("{} entities compared, no difference found", summary.entities());
            }
        }
    }

    /** Ends the pass that is under way. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(STOP_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
