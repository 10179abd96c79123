package com.atlasco.atlas.freshness;

import com.atlasco.atlas.freshness.SourceStatus.Contained;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.Optional;

/**
 * The right to report a bound for a read that took its snapshot after the permit was given, and that confirms it
 * afterwards. The bound misses no write acknowledged longer than {@link #bound()} before {@link #startedAt()}.
 * Thread-safe.
 */
public final class ReadPermit {

    private final MonitoredSource monitored;
    private final SourceStatus status;
    private final Duration bound;
    private final long startedAt;
    private final Optional<ConsistencyToken> token;
    private final boolean unconfirmed;

    /** @param unconfirmed whether the token has yet to prove to be the primary's */
    ReadPermit(
            MonitoredSource monitored,
            SourceStatus status,
            Duration bound,
            long startedAt,
            Optional<ConsistencyToken> token,
            boolean unconfirmed) {
        this.monitored = monitored;
        this.status = status;
        this.bound = bound;
        this.startedAt = startedAt;
        this.token = token;
        this.unconfirmed = unconfirmed;
    }

    public Source source() {
        return status.source();
    }

    /** The bound to report: whole milliseconds, rounded up. */
    public Duration bound() {
        return bound;
    }

    /** The moment the bound is true for: nanoseconds of the monotonic clock. */
    public long startedAt() {
        return startedAt;
    }

    /** The strictest class that the bound meets; empty for an hour or more. */
    public Optional<FreshnessClass> met() {
        return FreshnessClass.strictestMet(source(), bound);
    }

    /** What the source was known to contain before the read began, if known. */
    public Optional<Position> position() {
        return status.position();
    }

    public ReplicationHealth health() {
        return status.health();
    }

    /** The newest heartbeat that the source was known to contain before the read began; empty for the primary. */
    public Optional<Contained> contained() {
        return status.contained();
    }

    /** Whether the source is still what it was when the read began, as far as this node knows. */
    public boolean isCurrent() {
        return monitored.status().generation() == status.generation();
    }

    /**
     * To be called when the rows are in: checks that the source was not suspended, reset or replaced meanwhile, as far
     * as this node knows by now.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code freshness_unavailable}: the rows must not be used
     */
    public void confirm() {
        if (!isCurrent()) {
            throw refused("the " + source().wireName() + " was reset or replaced during the read");
        }
    }

    /**
     * The same, by how far the source had come when the rows were read: what this node knows of it may be of another server
     * than the one that was read. During a failover a connection may lead to the new primary; a server that was restored,
     * or a standby that crashed, opens again behind what it had shown. And a token that no heartbeat has confirmed yet is
     * confirmed by a log of the primary that has come so far.
     *
     * @param reached what the rows show at most, asked for after them; empty where it was not to be had
     * @throws com.atlasco.atlas.model.AtlasException {@code freshness_unavailable}, or {@code invalid_token} for one that lies
     *     past the end of the primary's log: the rows must not be used
     */
    public void confirm(Optional<Position> reached) {
        confirm();
        switch (source()) {
            case PRIMARY -> confirmOnPrimary(reached);
            case REPLICA -> {
                if (status.position().isPresent()
                        && reached.filter(shown ->
                                        !shown.contains(status.position().get()))
                                .isPresent()) {
                    throw refused("the replica that was read contains less than it was known to");
                }
            }
            case OLAP, CACHE -> {}
        }
    }

    private void confirmOnPrimary(Optional<Position> reached) {
        if (status.position().isPresent()
                && reached.filter(end -> !end.sameHistory(status.position().get()))
                        .isPresent()) {
            throw refused("the primary was replaced while the read was under way");
        }
        confirmToken(reached);
        if (status.position().isPresent()
                && reached.filter(end -> !end.contains(status.position().get())).isPresent()) {
            throw refused("the log of the primary ends before where it was known to have come");
        }
    }

    private void confirmToken(Optional<Position> reached) {
        if (token.isEmpty() || (reached.isEmpty() && !unconfirmed)) {
            return;
        }
        Position wanted = token.get().position();
        if (reached.filter(end -> end.contains(wanted)).isPresent()) {
            return;
        }
        // Whoever gave a token out had it flushed before, and the log's end was asked for after it had come here.
        if (reached.filter(wanted::sameHistory).isPresent()) {
            throw ConsistencyToken.impossible();
        }
        throw Problem.of(ErrorCode.FRESHNESS_UNAVAILABLE, "the primary has not confirmed the consistency token")
                .at(ConsistencyToken.HEADER)
                .hint("try again in a moment, and let it wait: X-Max-Wait-Ms")
                .asException();
    }

    /** What the token stands for, where the source is known to contain it. */
    public Optional<Position> knownToken() {
        return unconfirmed ? Optional.empty() : token.map(ConsistencyToken::position);
    }

    /**
     * The same, and proof against replacements that this node has not noticed, such as behind a load balancer.
     *
     * @param sameSnapshot what was seen in the very snapshot that the rows came from
     * @throws com.atlasco.atlas.model.AtlasException {@code freshness_unavailable}: the rows must not be used
     */
    public void confirm(Observation sameSnapshot) {
        confirm();
        Optional<Heartbeat> seen = sameSnapshot.newestOfThisNode();
        boolean heartbeatThere = status.contained().map(Contained::sequence).orElse(0L)
                <= seen.map(Heartbeat::sequence).orElse(0L);
        Optional<Position> heartbeatPosition = seen.map(Heartbeat::position);
        Optional<Position> known = status.position();
        boolean sameHistory = known.isEmpty()
                || (heartbeatPosition.map(known.get()::sameHistory).orElse(true)
                        && sameSnapshot.position().map(known.get()::sameHistory).orElse(true));
        boolean tokenThere = token.isEmpty()
                || heartbeatPosition
                        .filter(position -> position.contains(token.get().position()))
                        .isPresent()
                || sameSnapshot
                        .position()
                        .filter(position -> position.contains(token.get().position()))
                        .isPresent();
        if (!heartbeatThere || !sameHistory || !tokenThere) {
            throw refused("the " + source().wireName() + " that was read contains less than it was known to");
        }
    }

    private static RuntimeException refused(String detail) {
        return Problem.of(ErrorCode.FRESHNESS_UNAVAILABLE, detail)
                .hint("send the request again")
                .asException();
    }
}
