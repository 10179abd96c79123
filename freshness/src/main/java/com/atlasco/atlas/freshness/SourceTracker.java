package com.atlasco.atlas.freshness;

import com.atlasco.atlas.freshness.SourceStatus.Contained;
import com.atlasco.atlas.freshness.SourceStatus.State;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns observations of a replica or an analytics store into what is known of it, without a thread of its own.
 *
 * <p>What is known never goes backwards, until there is a sign that the source is no longer what it was; then all is
 * forgotten. {@code floor} is the newest heartbeat given out by then: an older one, seen in what the source was before,
 * would vouch for what it is now. Thread-safe; observations come one after the other.
 */
final class SourceTracker implements MonitoredSource {

    private static final Logger LOGGER = LoggerFactory.getLogger(SourceTracker.class);
    private static final Reported NOTHING = new Reported(0, Optional.empty(), Optional.empty());

    private final Source source;
    private final String node;
    private final HeartbeatLog log;
    private final MonitorSettings settings;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private final ProgressSignal signal;
    private volatile Knowledge knowledge;
    private Reported reported = NOTHING;
    private long floor;
    private int suspensions;
    private int failures;

    SourceTracker(
            Source source,
            HeartbeatLog log,
            MonitorSettings settings,
            LongSupplier ticker,
            InstantSource clock,
            ProgressSignal signal) {
        this(source, source.wireName(), log, settings, ticker, clock, signal);
    }

    SourceTracker(
            Source source,
            String node,
            HeartbeatLog log,
            MonitorSettings settings,
            LongSupplier ticker,
            InstantSource clock,
            ProgressSignal signal) {
        this.source = source;
        this.node = node;
        this.log = log;
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.signal = signal;
        Instant now = clock.instant();
        this.knowledge = new Knowledge(
                new SourceStatus(
                        source,
                        State.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        now,
                        "no heartbeat of this node has arrived yet"),
                ticker.getAsLong(),
                now);
    }

    private record Knowledge(SourceStatus status, long answeredAt, Instant answeredAtInstant) {}

    /** What the source itself said last, for comparison with what it says next. */
    private record Reported(long sequence, Optional<Position> heartbeat, Optional<Position> position) {}

    @Override
    public Source source() {
        return source;
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public SourceStatus status() {
        Knowledge known = knowledge;
        SourceStatus status = known.status;
        if (status.state() != State.UNREACHABLE
                && ticker.getAsLong() - known.answeredAt
                        > settings.probeTimeout().toNanos()) {
            return with(
                    status,
                    State.UNREACHABLE,
                    known.answeredAtInstant.plus(settings.probeTimeout()),
                    "it has not answered for more than "
                            + settings.probeTimeout().toMillis() + " ms");
        }
        return status;
    }

    /** Takes in what a probe saw. */
    synchronized void observed(Observation observation) {
        long now = ticker.getAsLong();
        failures = 0;
        SourceStatus status = knowledge.status;
        if (suspensions == 0) {
            Optional<Heartbeat> own = observation
                    .newestOfThisNode()
                    .filter(heartbeat -> heartbeat.nodeId().equals(log.nodeId()));
            Reported report = new Reported(
                    own.map(Heartbeat::sequence).orElse(0L), own.map(Heartbeat::position), observation.position());
            Optional<String> replaced = signOfReplacement(report);
            // A probe that saw no position this time leaves the last one to compare with.
            reported = replaced.isPresent()
                    ? report
                    : new Reported(report.sequence, report.heartbeat, report.position.or(() -> reported.position));
            status = replaced.isPresent() ? forgotten(status, replaced.get()) : advanced(status, report, now);
        }
        become(judged(status, now), now, clock.instant());
    }

    /** Takes in that a probe failed. What is known stays true, but nothing is served on it. */
    synchronized void failed(String why) {
        failures++;
        Knowledge known = knowledge;
        if (failures >= settings.failuresUntilUnreachable() && known.status.state() != State.UNREACHABLE) {
            become(
                    with(known.status, State.UNREACHABLE, clock.instant(), "it cannot be asked: " + why),
                    known.answeredAt,
                    known.answeredAtInstant);
        }
    }

    /** Forgets everything, and learns nothing until as many calls of {@link #resume} have followed. */
    synchronized void suspend(String why) {
        suspensions++;
        Knowledge known = knowledge;
        become(forgotten(known.status, why), known.answeredAt, known.answeredAtInstant);
    }

    /** From here on, heartbeats that are sent later are believed. */
    synchronized void resume() {
        suspensions--;
        reported = NOTHING;
        floor = log.newestSequence();
    }

    private Optional<String> signOfReplacement(Reported now) {
        if (now.sequence < reported.sequence) {
            return Optional.of("it went back from heartbeat " + reported.sequence + " to " + now.sequence);
        }
        if (otherHistory(reported.heartbeat, now.heartbeat) || otherHistory(reported.position, now.position)) {
            return Optional.of("its system id or timeline has changed");
        }
        if (otherHistory(now.heartbeat, now.position)) {
            return Optional.of("its position and its heartbeat are of different histories");
        }
        if (reported.position.isPresent()
                && now.position.isPresent()
                && !now.position.get().contains(reported.position.get())) {
            return Optional.of("its position went back from "
                    + reported.position.get().lsn() + " to "
                    + now.position.get().lsn());
        }
        return Optional.empty();
    }

    private static boolean otherHistory(Optional<Position> one, Optional<Position> other) {
        return one.isPresent() && other.isPresent() && !one.get().sameHistory(other.get());
    }

    private SourceStatus forgotten(SourceStatus status, String why) {
        floor = log.newestSequence();
        return new SourceStatus(
                source,
                State.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                status.generation() + 1,
                status.state() == State.UNKNOWN ? status.since() : clock.instant(),
                why);
    }

    private SourceStatus advanced(SourceStatus status, Reported report, long now) {
        Optional<Contained> contained = status.contained();
        long known = Math.max(contained.map(Contained::sequence).orElse(0L), floor);
        if (report.sequence > known) {
            OptionalLong moment = log.moment(log.nodeId(), report.sequence);
            if (moment.isPresent()) {
                contained = Optional.of(new Contained(report.sequence, moment.getAsLong(), now));
            }
        }
        Optional<Position> position = contained.isEmpty()
                ? Optional.empty()
                : greater(status.position(), greater(report.heartbeat, report.position));
        return new SourceStatus(
                source, status.state(), contained, position, status.generation(), status.since(), status.why());
    }

    private static Optional<Position> greater(Optional<Position> one, Optional<Position> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.get().contains(other.get()) ? one : other;
    }

    /** The state that follows from what is known, the source having answered. */
    private SourceStatus judged(SourceStatus status, long now) {
        Optional<Duration> bound = status.boundAt(now);
        if (bound.isEmpty()) {
            return status.state() == State.UNKNOWN
                    ? status
                    : with(status, State.UNKNOWN, clock.instant(), "no heartbeat of this node has arrived yet");
        }
        Duration threshold = status.state() == State.LAGGING
                ? settings.laggingAfter().multipliedBy(4).dividedBy(5)
                : settings.laggingAfter();
        State state = bound.get().compareTo(threshold) < 0 ? State.HEALTHY : State.LAGGING;
        if (state == status.state()) {
            return status;
        }
        return with(
                status,
                state,
                clock.instant(),
                state == State.HEALTHY
                        ? "it keeps up"
                        : "it is behind by " + settings.laggingAfter().toMillis() + " ms or more");
    }

    private void become(SourceStatus status, long answeredAt, Instant answeredAtInstant) {
        SourceStatus before = knowledge.status;
        knowledge = new Knowledge(status, answeredAt, answeredAtInstant);
        if (before.state() != status.state()) {
            LOGGER.info("The {} is {}: {}", node, status.state(), status.why());
        }
        if (!before.equals(status)) {
            signal.raise();
        }
    }

    private static SourceStatus with(SourceStatus status, State state, Instant since, String why) {
        return new SourceStatus(
                status.source(), state, status.contained(), status.position(), status.generation(), since, why);
    }
}
