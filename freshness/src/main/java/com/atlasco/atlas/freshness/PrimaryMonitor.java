package com.atlasco.atlas.freshness;

import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the primary, from the heartbeats and writes that reach it. Thread-safe. */
public final class PrimaryMonitor implements MonitoredSource {

    private static final Logger LOGGER = LoggerFactory.getLogger(PrimaryMonitor.class);

    private final HeartbeatSettings settings;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private final ProgressSignal signal;
    private volatile Knowledge knowledge;

    /**
     * Knows nothing at first.
     *
     * @param ticker the monotonic clock in nanoseconds, the one that everything else on this node is given
     */
    public PrimaryMonitor(HeartbeatSettings settings, LongSupplier ticker, InstantSource clock, ProgressSignal signal) {
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.signal = signal;
        Instant now = clock.instant();
        this.knowledge = new Knowledge(
                new SourceStatus(
                        Source.PRIMARY,
                        State.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        now,
                        "no heartbeat has been written yet"),
                ticker.getAsLong(),
                now,
                0,
                Optional.empty(),
                Optional.empty());
    }

    /** What the primary has to say about a token. */
    enum TokenVerdict {
        /** The primary has written past it. */
        GENUINE,
        /** The primary has not come so far. */
        IMPOSSIBLE,
        /** Not known yet: the next heartbeats will tell. */
        PENDING
    }

    private record Knowledge(
            SourceStatus status,
            long succeededAt,
            Instant succeededAtInstant,
            int failures,
            Optional<Long> newestSent,
            Optional<Long> previousSent) {}

    @Override
    public Source source() {
        return Source.PRIMARY;
    }

    @Override
    public SourceStatus status() {
        Knowledge known = knowledge;
        SourceStatus status = known.status;
        if (status.state() != State.UNREACHABLE
                && ticker.getAsLong() - known.succeededAt
                        > settings.unreachableAfter().toNanos()) {
            return new SourceStatus(
                    Source.PRIMARY,
                    State.UNREACHABLE,
                    Optional.empty(),
                    status.position(),
                    status.generation(),
                    known.succeededAtInstant.plus(settings.unreachableAfter()),
                    "no heartbeat has been written for more than " + millis(settings.unreachableAfter()));
        }
        return status;
    }

    /**
     * Tells that this node's own write was acknowledged, so that its token is known to be genuine at once rather than
     * with the next heartbeat.
     *
     * @param position the log's flushed end at or after the write's commit
     */
    public synchronized void wrote(Position position) {
        Knowledge known = knowledge;
        SourceStatus status = known.status;
        if (status.position()
                .filter(before -> position.sameHistory(before) && !before.contains(position))
                .isPresent()) {
            knowledge = new Knowledge(
                    new SourceStatus(
                            Source.PRIMARY,
                            status.state(),
                            Optional.empty(),
                            Optional.of(position),
                            status.generation(),
                            status.since(),
                            status.why()),
                    known.succeededAt,
                    known.succeededAtInstant,
                    known.failures,
                    known.newestSent,
                    known.previousSent);
        }
    }

    synchronized void heartbeatSucceeded(Heartbeat heartbeat, long sentAt) {
        Knowledge known = knowledge;
        SourceStatus before = known.status;
        boolean otherHistory = before.position()
                .filter(position -> !position.sameHistory(heartbeat.position()))
                .isPresent();
        if (otherHistory) {
            LOGGER.warn(
                    "The primary writes another history: {} after {}",
                    heartbeat.position(),
                    before.position().orElseThrow());
        }
        // The primary's own writes may have told of more than this heartbeat's transaction saw.
        Position position = before.position()
                .filter(written -> written.contains(heartbeat.position()))
                .orElse(heartbeat.position());
        Instant now = clock.instant();
        if (before.state() != State.HEALTHY) {
            LOGGER.info("The primary accepts heartbeats");
        }
        knowledge = new Knowledge(
                new SourceStatus(
                        Source.PRIMARY,
                        State.HEALTHY,
                        Optional.empty(),
                        Optional.of(position),
                        before.generation() + (otherHistory ? 1 : 0),
                        before.state() == State.HEALTHY ? before.since() : now,
                        "accepts heartbeats"),
                ticker.getAsLong(),
                now,
                0,
                Optional.of(sentAt),
                otherHistory ? Optional.empty() : known.newestSent);
        signal.raise();
    }

    synchronized void heartbeatFailed(String why) {
        Knowledge known = knowledge;
        SourceStatus status = known.status;
        int failures = known.failures + 1;
        if (failures >= settings.failuresUntilUnreachable() && status.state() != State.UNREACHABLE) {
            LOGGER.warn("The primary does not accept heartbeats: {}", why);
            status = new SourceStatus(
                    Source.PRIMARY,
                    State.UNREACHABLE,
                    Optional.empty(),
                    status.position(),
                    status.generation(),
                    clock.instant(),
                    "heartbeats fail: " + why);
        }
        knowledge = new Knowledge(
                status, known.succeededAt, known.succeededAtInstant, failures, known.newestSent, known.previousSent);
        signal.raise();
    }

    /**
     * Whether a token that a request presented at {@code arrival} can have come from this primary. On another history
     * the answer is {@code IMPOSSIBLE}.
     *
     * <p>A genuine token was flushed before it was given out, so a heartbeat sent after its arrival reports a position
     * past it. Two are asked for, since a writer may name the log's inserted end, which only the next commit flushes.
     */
    TokenVerdict verdict(Position token, long arrival) {
        Knowledge known = knowledge;
        if (known.status.position().isEmpty()) {
            return TokenVerdict.PENDING;
        }
        Position written = known.status.position().get();
        if (written.contains(token)) {
            return TokenVerdict.GENUINE;
        }
        boolean twoSentSince =
                known.previousSent.filter(sent -> sent - arrival >= 0).isPresent();
        return !written.sameHistory(token) || twoSentSince ? TokenVerdict.IMPOSSIBLE : TokenVerdict.PENDING;
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
