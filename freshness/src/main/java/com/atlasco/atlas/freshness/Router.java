package com.atlasco.atlas.freshness;

import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Chooses where a read is served, so that its bound and its token hold.
 *
 * <p>Realtime reads, and those that accept no lag, go to the primary. For the others, points and filters prefer the
 * replica, of several one of the freshest ({@link Replicas}), and aggregates the analytics store. What the preferred source lacks and is expected to have soon is waited
 * for; then the request's fallback strategy decides. Where a source goes back and forth across a limit, reads of that limit
 * stay where they fell back to ({@link FlapDamping}). A {@link RoutingPreference} comes before
 * all of that. Thread-safe.
 */
public final class Router {

    final PrimaryMonitor primary;
    final Replicas replicas;
    final RouterSettings settings;
    final LongSupplier ticker;
    final RoutingObserver observer;
    final Runnable hurryHeartbeat;
    final Semaphore primaryFallbacks;
    final FlapDamping damping = new FlapDamping();
    private final Optional<MonitoredSource> olap;
    private final ProgressSignal signal;
    private volatile RoutingPreference preference = RoutingPreference.NONE;

    /**
     * Composes a router of what is monitored.
     *
     * @param replicas empty when none is configured: the primary then takes their place
     * @param olap empty when none is configured: a replica then takes its place
     * @param ticker the monotonic clock in nanoseconds
     * @param hurryHeartbeat asks for a heartbeat soon: {@link HeartbeatWriter#hurry}
     */
    public Router(
            PrimaryMonitor primary,
            List<MonitoredSource> replicas,
            Optional<MonitoredSource> olap,
            RouterSettings settings,
            ProgressSignal signal,
            LongSupplier ticker,
            RoutingObserver observer,
            Runnable hurryHeartbeat) {
        this.primary = primary;
        this.replicas = new Replicas(replicas);
        this.olap = olap;
        this.settings = settings;
        this.signal = signal;
        this.ticker = ticker;
        this.observer = observer;
        this.hurryHeartbeat = hurryHeartbeat;
        this.primaryFallbacks = new Semaphore(settings.maxPrimaryFallbacks());
    }

    /** What is preferred from now on, beside what the shape of a query says. */
    public void prefer(RoutingPreference wanted) {
        preference = wanted;
    }

    RoutingPreference preference() {
        return preference;
    }

    /** What a refused caller is told to wait: the value of {@code Retry-After}. */
    public Duration retryAfter() {
        return settings.retryAfter();
    }

    /**
     * Chooses a source, waiting for it at most as long as the request says, else {@link RouterSettings#maxWait} and the bound
     * of the request's class. An
     * interrupt ends the wait and stays set.
     *
     * @throws AtlasException {@code freshness_unavailable} when no permitted source is fresh enough, {@code
     *     source_unavailable} when the primary is needed and cannot be reached, {@code overloaded} when it takes over
     *     too many reads already, {@code invalid_token} for a token that this store has not given out
     */
    public RouteDecision route(ReadRequest request) {
        return route(request, Set.of());
    }

    /**
     * The same, past sources that have just failed this very read, whatever their monitors know so far: they count as
     * unreachable.
     *
     * @param failed by {@link RouteDecision#node()}
     */
    public RouteDecision route(ReadRequest request, Set<String> failed) {
        return route(request, failed, Optional.empty());
    }

    /**
     * The same for a read that the cache may serve: it does when it meets bound and token now; it is not waited for, unless
     * the request names it.
     *
     * @param cached what the cache knows of the entity that is asked for
     */
    public RouteDecision route(ReadRequest request, Set<String> failed, Optional<MonitoredSource> cached) {
        Routing routing = begin(request, failed, cached);
        while (true) {
            long seen = signal.version();
            switch (routing.step()) {
                case Routing.Step.Decided(RouteDecision decision) -> {
                    return decision;
                }
                case Routing.Step.Wait(long nanos) -> {
                    try {
                        signal.await(seen, nanos);
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                        routing.stopWaiting();
                    }
                }
            }
        }
    }

    /**
     * Waits until a source is known to contain a position: from then on it does, until it is reset or replaced.
     *
     * @param node {@link MonitoredSource#node()}
     * @return false when it has not come so far in that time, cannot be asked, or is not here
     */
    public boolean awaitPosition(String node, Position position, Duration atMost) throws InterruptedException {
        long begun = ticker.getAsLong();
        while (true) {
            long seen = signal.version();
            if (monitored(node)
                    .map(MonitoredSource::status)
                    .filter(Router::isServing)
                    .flatMap(SourceStatus::position)
                    .filter(reached -> reached.contains(position))
                    .isPresent()) {
                return true;
            }
            long left = atMost.toNanos() - (ticker.getAsLong() - begun);
            if (left <= 0) {
                return false;
            }
            signal.await(seen, left);
        }
    }

    private static boolean isServing(SourceStatus status) {
        return switch (status.state()) {
            case HEALTHY, LAGGING -> true;
            case UNREACHABLE, UNKNOWN -> false;
        };
    }

    /** A route in steps, without blocking. */
    Routing begin(ReadRequest request) {
        return begin(request, Set.of(), Optional.empty());
    }

    Routing begin(ReadRequest request, Set<String> failed, Optional<MonitoredSource> cached) {
        List<MonitoredSource> candidates =
                request.pinned().map(source -> named(source, cached)).orElseGet(() -> preferred(request.shape()));
        return new Routing(this, request, candidates, cached, failed);
    }

    private List<MonitoredSource> named(Source source, Optional<MonitoredSource> cached) {
        List<MonitoredSource> there = source == Source.CACHE ? cached.stream().toList() : monitored(source);
        if (there.isEmpty()) {
            throw Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "there is no source '%s' here".formatted(source.wireName()))
                    .hint("GET /health/replication names the sources there are.")
                    .asException();
        }
        return there;
    }

    private List<MonitoredSource> preferred(Shape shape) {
        List<MonitoredSource> rows = replicas.all().isEmpty() ? List.of(primary) : replicas.all();
        return switch (shape) {
            case POINT, FILTER -> rows;
            case AGGREGATE -> olap.map(List::of).orElse(rows);
        };
    }

    /** The sources of a kind. What the cache knows differs from entity to entity. */
    private List<MonitoredSource> monitored(Source source) {
        return switch (source) {
            case PRIMARY -> List.of(primary);
            case REPLICA -> replicas.all();
            case OLAP -> olap.stream().toList();
            case CACHE -> List.of();
        };
    }

    private Optional<MonitoredSource> monitored(String node) {
        return Stream.concat(Stream.<MonitoredSource>of(primary), Stream.concat(replicas.all().stream(), olap.stream()))
                .filter(source -> source.node().equals(node))
                .findFirst();
    }
}
