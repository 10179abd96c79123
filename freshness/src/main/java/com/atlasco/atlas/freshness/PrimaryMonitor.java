package com.atlasco.atlas.freshness;

import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
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
    /** Systems that were left for another one. Guarded by this. */
    private final Set<Long> left = new HashSet<>();

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
            Optional<Long> previousSent,
            Optional<Position> newestBeat) {

        private Knowledge with(SourceStatus other) {
            return new Knowledge(
                    other, succeededAt, succeededAtInstant, failures, newestSent, previousSent, newestBeat);
        }
    }

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
     * <p>A write of a later timeline, or of another system, was taken by a primary that heartbeats have yet to reach: what
     * they tell meanwhile is of the server before it. Nothing is known then until one comes from there.
     *
     * @param position the log's flushed end at or after the write's commit
     */
    public synchronized void wrote(Position position) {
        Knowledge known = knowledge;
        SourceStatus status = known.status;
        if (status.position().isEmpty() || status.position().get().contains(position) || isPast(position)) {
            return;
        }
        if (status.position().get().sameHistory(position)) {
            knowledge = known.with(new SourceStatus(
                    Source.PRIMARY,
                    status.state(),
                    Optional.empty(),
                    Optional.of(position),
                    status.generation(),
                    status.since(),
                    status.why()));
            return;
        }
        LOGGER.warn(
                "Writes reach another primary, at {} after {}",
                position,
                status.position().get());
        leaveFor(position);
        Instant now = clock.instant();
        knowledge = new Knowledge(
                new SourceStatus(
                        Source.PRIMARY,
                        State.UNKNOWN,
                        Optional.empty(),
                        Optional.of(position),
                        status.generation() + 1,
                        status.state() == State.UNKNOWN ? status.since() : now,
                        "writes reach another primary, and no heartbeat has yet"),
                known.succeededAt,
                known.succeededAtInstant,
                known.failures,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        signal.raise();
    }

    synchronized void heartbeatSucceeded(Heartbeat heartbeat, long sentAt) {
        if (isPast(heartbeat.position())) {
            heartbeatFailed("they reach a server that another one has taken over from, at " + heartbeat.position());
            return;
        }
        Knowledge known = knowledge;
        SourceStatus before = known.status;
        // Heartbeats follow one another, and the log of a server that was restored with its timeline ends before.
        boolean restored = known.newestBeat
                .filter(heartbeat.position()::sameHistory)
                .filter(newest -> !heartbeat.position().contains(newest))
                .isPresent();
        boolean otherHistory = restored
                || before.position()
                        .filter(position -> !position.sameHistory(heartbeat.position()))
                        .isPresent();
        if (otherHistory) {
            LOGGER.warn(
                    "The primary writes another history: {} after {}",
                    heartbeat.position(),
                    before.position().orElseThrow());
            leaveFor(heartbeat.position());
        }
        // The primary's own writes may have told of more than this heartbeat's transaction saw.
        Position position = before.position()
                .filter(written -> !restored && written.contains(heartbeat.position()))
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
                otherHistory ? Optional.empty() : known.newestSent,
                Optional.of(heartbeat.position()));
        signal.raise();
    }

    /** Whether a server that told of this position was the primary before the one that is known. */
    private boolean isPast(Position position) {
        return left.contains(position.systemId())
                || knowledge
                        .status
                        .position()
                        .filter(newest ->
                                newest.systemId() == position.systemId() && position.timeline() < newest.timeline())
                        .isPresent();
    }

    private void leaveFor(Position next) {
        knowledge
                .status
                .position()
                .map(Position::systemId)
                .filter(system -> system != next.systemId())
                .ifPresent(left::add);
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
                status,
                known.succeededAt,
                known.succeededAtInstant,
                failures,
                known.newestSent,
                known.previousSent,
                known.newestBeat);
        signal.raise();
    }

    /**
     * Whether a token that a request presented at {@code arrival} can have come from this primary.
     *
     * <p>A genuine token was flushed before it was given out, so a heartbeat sent after its arrival reports a position
     * past it. Two are asked for: of one alone it may not be known whether it asked before or after.
     * Of another history than the last heartbeat's, it may come from a primary that was promoted since; the first
     * heartbeat sent after its arrival tells. Timelines of one system only grow.
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
        boolean impossible;
        if (written.sameHistory(token)) {
            impossible = isSince(arrival, known.previousSent);
        } else {
            boolean past = written.systemId() == token.systemId() && token.timeline() < written.timeline();
            impossible = past || isSince(arrival, known.newestSent);
        }
        return impossible ? TokenVerdict.IMPOSSIBLE : TokenVerdict.PENDING;
    }

    private static boolean isSince(long arrival, Optional<Long> sent) {
        return sent.filter(moment -> moment - arrival >= 0).isPresent();
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
