package com.atlasco.atlas.freshness;

import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where a read goes. The caller gets hold of what it needs to read, calls {@link #begin()}, reads, confirms the permit,
 * and closes the decision whatever happened. Thread-safe.
 *
 * <pre>{@code
 * try (RouteDecision decision = router.route(request)) {
 *     // take a connection to decision.source()
 *     ReadPermit permit = decision.begin();
 *     // read
 *     permit.confirm(reached); // how far the source had come, asked for after the rows
 *     // answer with permit.bound()
 * }
 * }</pre>
 */
public final class RouteDecision implements AutoCloseable {

    private final Routing routing;
    private final MonitoredSource monitored;
    private final RoutingReason reason;
    private final SourceStatus status;
    private final Duration bound;
    private final Optional<Semaphore> place;
    private final AtomicBoolean open = new AtomicBoolean(true);

    RouteDecision(
            Routing routing,
            MonitoredSource monitored,
            RoutingReason reason,
            SourceStatus status,
            Duration bound,
            Optional<Semaphore> place) {
        this.routing = routing;
        this.monitored = monitored;
        this.reason = reason;
        this.status = status;
        this.bound = bound;
        this.place = place;
    }

    public Source source() {
        return status.source();
    }

    /** The name of the server, or store, among all sources of the node: of several replicas, which. */
    public String node() {
        return monitored.node();
    }

    public RoutingReason reason() {
        return reason;
    }

    /** Whether another source than the preferred one serves the read. */
    public boolean fallback() {
        return reason.isFallback();
    }

    /** The bound when the decision was made, in whole milliseconds, rounded up. */
    public Duration bound() {
        return bound;
    }

    /**
     * The bound for a read that begins at that moment, by what was known when the decision was made. It may be past
     * what the request accepts; {@link #begin()} refuses then.
     *
     * @param now the monotonic clock in nanoseconds, read after the decision was made
     */
    public Duration boundAt(long now) {
        return status.boundAt(now).orElse(bound);
    }

    /** What the source is known to contain, if known. */
    public Optional<Position> position() {
        return status.position();
    }

    public ReplicationHealth health() {
        return status.health();
    }

    /**
     * Checks once more, by what is known now, that the source meets what the request demands; the read must take its
     * snapshot after this returns.
     *
     * @throws com.atlasco.atlas.model.AtlasException {@code invalid_token}; {@code freshness_unavailable} when it does not any longer: another
     *     call of {@link Router#route} may find a source that does
     */
    public ReadPermit begin() {
        return routing.begin(monitored);
    }

    /** Tells that the read has ended, and gives back its place among those that the primary takes over. Closing again does nothing. */
    @Override
    public void close() {
        if (open.getAndSet(false)) {
            place.ifPresent(Semaphore::release);
            routing.ended(monitored);
        }
    }
}
