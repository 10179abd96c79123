package com.atlasco.atlas.freshness;

import com.atlasco.atlas.freshness.SourceStatus.Contained;
import com.atlasco.atlas.freshness.SourceStatus.State;
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

/** One read on its way to a source. Its steps are made by one thread; {@link #begin} by any. */
final class Routing {

    private final Router router;
    private final ReadRequest request;
    /** Any of them, all of one kind. */
    private final List<MonitoredSource> candidates;

    private final Source preferred;
    private final Optional<MonitoredSource> cached;
    private final Set<String> failed;
    private final long arrival;
    private final long mostWaited;
    private boolean waited;
    private boolean mayWait = true;

    Routing(
            Router router,
            ReadRequest request,
            List<MonitoredSource> candidates,
            Optional<MonitoredSource> cached,
            Set<String> failed) {
        this.router = router;
        this.request = request;
        this.candidates = candidates;
        this.preferred = candidates.getFirst().source();
        this.cached = request.pinned().isPresent() ? Optional.empty() : cached;
        this.failed = Set.copyOf(failed);
        this.arrival = router.ticker.getAsLong();
        this.mostWaited = request.maxWait()
                .map(Duration::toNanos)
                .orElseGet(() -> Math.min(
                        router.settings.maxWait().toNanos(),
                        request.freshness().bound().toNanos()));
    }

    sealed interface Step {

        record Decided(RouteDecision decision) implements Step {}

        /** To be tried again after progress of some source, or after so many nanoseconds. */
        record Wait(long nanos) implements Step {}
    }

    void stopWaiting() {
        mayWait = false;
    }

    Step step() {
        try {
            return tried();
        } catch (AtlasException refusal) {
            noteWait();
            router.observer.refused(preferred, refusal.problem().code());
            throw refusal;
        }
    }

    private Step tried() {
        // Throws for a token that cannot be true, as soon as that is known.
        tokenVerdict();
        if (request.pinned().isPresent()) {
            if (preferred == Source.PRIMARY) {
                return primary(RoutingReason.PINNED);
            }
        } else if (request.freshness() == FreshnessClass.REALTIME) {
            return primary(RoutingReason.CLASS_REALTIME);
        } else if (request.limit().isZero()) {
            return primary(RoutingReason.MAX_LAG_ZERO);
        }
        Optional<Step> byCache = cached.flatMap(this::byCache);
        if (byCache.isPresent()) {
            return byCache.get();
        }
        if (preferred == Source.PRIMARY && request.pinned().isEmpty()) {
            return primary(RoutingReason.ONLY_SOURCE);
        }
        Optional<Step> byAlert = request.pinned().isPresent() ? Optional.empty() : preferredByAlert();
        if (byAlert.isPresent()) {
            return byAlert.get();
        }
        Assessment best = best(candidates);
        if (best.shortfall().isEmpty()) {
            Optional<Step> steady = request.pinned().isPresent() ? Optional.empty() : damped(best);
            if (steady.isPresent()) {
                return steady.get();
            }
            RoutingReason served = request.pinned().isPresent() ? RoutingReason.PINNED : RoutingReason.PREFERRED;
            return decided(best, waited ? RoutingReason.WAITED : served);
        }
        long left = left(best.now());
        if (left > 0 && best.promising()) {
            if (!waited && preferred == Source.OLAP) {
                // What it contains is known by heartbeats alone: the next one need not wait for its turn.
                router.hurryHeartbeat.run();
            }
            waited = true;
            return new Step.Wait(left);
        }
        return fallback(best);
    }

    /**
     * Where the read stays while the preferred source goes back and forth across the limit; empty where nothing else can
     * serve. An aggregation is not kept on the primary: it costs more there than a change of sides.
     */
    private Optional<Step> damped(Assessment best) {
        router.damping.sufficed(preferred, request.limit());
        if (!router.damping.isDamped(preferred, request.limit(), best.now())) {
            return Optional.empty();
        }
        return switch (request.fallback()) {
            case FAIL -> Optional.empty();
            case PRIMARY ->
                request.shape() == ReadRequest.Shape.AGGREGATE
                        ? Optional.empty()
                        : primaryIfItCan(RoutingReason.LAG_OSCILLATES);
            case REPLICA ->
                preferred == Source.REPLICA
                        ? Optional.empty()
                        : sufficientReplica().map(replica -> decided(replica, RoutingReason.LAG_OSCILLATES));
        };
    }

    /** The primary instead of a source that may serve the read, too; empty where that one has to. */
    private Optional<Step> primaryIfItCan(RoutingReason reason) {
        SourceStatus status = router.primary.status();
        boolean possible = status.state() == State.HEALTHY
                && !failed.contains(router.primary.node())
                && tokenVerdict() == PrimaryMonitor.TokenVerdict.GENUINE
                && router.primaryFallbacks.tryAcquire();
        return possible
                ? Optional.of(decided(
                        router.primary,
                        reason,
                        status,
                        router.ticker.getAsLong(),
                        Optional.of(router.primaryFallbacks)))
                : Optional.empty();
    }

    /** Of several the one that is to serve the read; if none can, the one that is nearest to it. */
    private Assessment best(List<MonitoredSource> sources) {
        if (sources.size() == 1) {
            return assess(sources.getFirst());
        }
        List<Assessment> all = sources.stream().map(this::assess).toList();
        List<Assessment> sufficient =
                all.stream().filter(one -> one.shortfall().isEmpty()).toList();
        return sufficient.isEmpty() ? Replicas.nearest(all) : router.replicas.choose(sufficient);
    }

    private Assessment assess(MonitoredSource source) {
        SourceStatus status = source.status();
        // After the status, so that the bound is not computed for a moment before what it is computed from.
        long now = router.ticker.getAsLong();
        Optional<Shortfall> shortfall = shortfall(source, status, now);
        boolean promising = shortfall.isPresent() && isPromising(shortfall.get(), status, now);
        return new Assessment(source, status, now, shortfall, promising);
    }

    /** The cache, if it can serve the read: it costs nobody anything, so it comes before what alerts prefer. */
    private Optional<Step> byCache(MonitoredSource cache) {
        SourceStatus status = cache.status();
        long now = router.ticker.getAsLong();
        Optional<Shortfall> shortfall = shortfall(cache, status, now);
        if (shortfall.isEmpty()) {
            return Optional.of(decided(cache, RoutingReason.PREFERRED, status, now, Optional.empty()));
        }
        // What it does not have breaks nothing.
        if (!waited && shortfall.get() != Shortfall.UNKNOWN) {
            router.observer.prevented(Source.CACHE, shortfall.get());
        }
        return Optional.empty();
    }

    /** The source that an alert prefers to that of the shape, if that one can serve the read. */
    private Optional<Step> preferredByAlert() {
        RoutingPreference preference = router.preference();
        return switch (request.shape()) {
            case POINT, FILTER ->
                preference.interactiveToPrimary() && !anotherSuffices()
                        ? primaryIfItCan(RoutingReason.ALERT_REPLICA_LAG)
                        : Optional.empty();
            case AGGREGATE ->
                preference.analyticsToReplica() && preferred == Source.OLAP ? replicaByAlert() : Optional.empty();
        };
    }

    /** Where there are several, the alert may be about another one than this read would be sent to. */
    private boolean anotherSuffices() {
        return router.replicas.all().size() > 1
                && router.replicas.all().stream()
                        .anyMatch(replica -> assess(replica).shortfall().isEmpty());
    }

    private Optional<Step> replicaByAlert() {
        return sufficientReplica().map(replica -> decided(replica, RoutingReason.ALERT_OLAP_LAG));
    }

    private Optional<Assessment> sufficientReplica() {
        return Optional.of(router.replicas.all())
                .filter(replicas -> !replicas.isEmpty())
                .map(this::best)
                .filter(replica -> replica.shortfall().isEmpty());
    }

    private long left(long now) {
        return mayWait ? mostWaited - (now - arrival) : 0;
    }

    /**
     * Whether the source takes in heartbeats, and did so quickly enough that with the next one it would serve this
     * read. Its bound just after one, and how long a write takes to it, are both the delay of its newest heartbeat.
     */
    private boolean isPromising(Shortfall shortfall, SourceStatus status, long now) {
        return switch (shortfall) {
            case UNREACHABLE, UNKNOWN, OTHER_HISTORY -> false;
            case TOO_STALE, BEHIND_TOKEN -> {
                Contained newest = status.contained().orElseThrow();
                yield now - newest.noticedAt() < router.settings.movingWithin().toNanos()
                        && newest.delay() < request.limit().toNanos()
                        && (request.token().isEmpty() || newest.delay() < mostWaited);
            }
        };
    }

    private Step fallback(Assessment best) {
        SourceStatus status = best.status();
        Shortfall shortfall = best.shortfall().orElseThrow();
        router.observer.prevented(status.source(), shortfall);
        if (request.pinned().isPresent()) {
            throw unavailable(best);
        }
        if (shortfall == Shortfall.TOO_STALE) {
            router.damping.fellShort(preferred, request.limit(), best.now());
        }
        return switch (request.fallback()) {
            case FAIL -> throw unavailable(best);
            case PRIMARY -> {
                if (router.primary.status().state() != State.HEALTHY) {
                    throw unavailable(best);
                }
                yield primary(RoutingReason.fallback(Source.PRIMARY, status.source(), shortfall));
            }
            case REPLICA -> {
                if (router.replicas.all().isEmpty() || preferred == Source.REPLICA) {
                    throw unavailable(best);
                }
                Assessment replica = best(router.replicas.all());
                if (replica.shortfall().isPresent()) {
                    router.observer.prevented(
                            Source.REPLICA, replica.shortfall().get());
                    throw unavailable(replica);
                }
                yield decided(replica, RoutingReason.fallback(Source.REPLICA, status.source(), shortfall));
            }
        };
    }

    private Step primary(RoutingReason reason) {
        SourceStatus status = router.primary.status();
        long now = router.ticker.getAsLong();
        if (status.state() != State.HEALTHY) {
            throw Problem.of(ErrorCode.SOURCE_UNAVAILABLE, "the primary cannot serve: " + status.why())
                    .hint("try again after " + seconds(router.settings.retryAfter())
                            + ", or accept an answer from a replica with a less strict X-Freshness-Requirement")
                    .asException();
        }
        long left = left(now);
        // Behind a slow line the read itself tells as soon as the next heartbeat would: see ReadPermit.
        if (tokenVerdict() == PrimaryMonitor.TokenVerdict.PENDING && left > 0) {
            waited = true;
            router.hurryHeartbeat.run();
            return new Step.Wait(left);
        }
        if (!reason.isFallback()) {
            return decided(router.primary, reason, status, now, Optional.empty());
        }
        if (!router.primaryFallbacks.tryAcquire()) {
            throw Problem.of(
                            ErrorCode.OVERLOADED,
                            "the primary already serves " + router.settings.maxPrimaryFallbacks()
                                    + " reads that other sources are not fresh enough for")
                    .hint("try again after " + seconds(router.settings.retryAfter())
                            + ", or accept staler answers with X-Freshness-Requirement")
                    .asException();
        }
        return decided(router.primary, reason, status, now, Optional.of(router.primaryFallbacks));
    }

    private Step decided(Assessment chosen, RoutingReason reason) {
        return decided(chosen.source(), reason, chosen.status(), chosen.now(), Optional.empty());
    }

    private Step decided(
            MonitoredSource source, RoutingReason reason, SourceStatus status, long now, Optional<Semaphore> place) {
        noteWait();
        router.observer.decided(source.source(), reason);
        Duration bound = status.boundAt(now).orElseThrow();
        router.replicas.begun(source);
        return new Step.Decided(new RouteDecision(this, source, reason, status, bound, place));
    }

    void ended(MonitoredSource source) {
        router.replicas.ended(source);
    }

    private void noteWait() {
        if (waited) {
            router.observer.waited(preferred, Duration.ofNanos(router.ticker.getAsLong() - arrival));
        }
    }

    ReadPermit begin(MonitoredSource source) {
        Assessment assessed = assess(source);
        if (assessed.shortfall().isPresent()) {
            router.observer.prevented(source.source(), assessed.shortfall().get());
            router.observer.refused(source.source(), ErrorCode.FRESHNESS_UNAVAILABLE);
            throw unavailable(assessed);
        }
        SourceStatus status = assessed.status();
        long now = assessed.now();
        boolean unconfirmed =
                source.source() == Source.PRIMARY && tokenVerdict() != PrimaryMonitor.TokenVerdict.GENUINE;
        return new ReadPermit(source, status, status.boundAt(now).orElseThrow(), now, request.token(), unconfirmed);
    }

    /** What keeps the source from serving this read at this moment. */
    private Optional<Shortfall> shortfall(MonitoredSource source, SourceStatus status, long now) {
        if (status.state() == State.UNREACHABLE || failed.contains(source.node())) {
            return Optional.of(Shortfall.UNREACHABLE);
        }
        Optional<Duration> bound = status.boundAt(now);
        if (bound.isEmpty()) {
            return Optional.of(Shortfall.UNKNOWN);
        }
        if (status.source() == Source.PRIMARY) {
            return Optional.empty();
        }
        Optional<Position> written = router.primary.status().position();
        if (written.isPresent()
                && status.position().filter(written.get()::sameHistory).isEmpty()) {
            return Optional.of(Shortfall.OTHER_HISTORY);
        }
        if (bound.get().compareTo(request.limit()) >= 0) {
            return Optional.of(Shortfall.TOO_STALE);
        }
        boolean containsToken = request.token().isEmpty()
                || status.position()
                        .filter(position ->
                                position.contains(request.token().get().position()))
                        .isPresent();
        return containsToken ? Optional.empty() : Optional.of(Shortfall.BEHIND_TOKEN);
    }

    private PrimaryMonitor.TokenVerdict tokenVerdict() {
        PrimaryMonitor.TokenVerdict verdict = request.token()
                .map(token -> router.primary.verdict(token.position(), arrival))
                .orElse(PrimaryMonitor.TokenVerdict.GENUINE);
        if (verdict == PrimaryMonitor.TokenVerdict.IMPOSSIBLE) {
            throw ConsistencyToken.impossible();
        }
        return verdict;
    }

    private AtlasException unavailable(Assessment best) {
        SourceStatus status = best.status();
        String had = status.boundAt(best.now())
                .map(bound -> "its answers may be " + bound.toMillis() + " ms stale")
                .orElse("how stale its answers are is not known");
        return Problem.of(
                        ErrorCode.FRESHNESS_UNAVAILABLE,
                        "a bound below " + request.limit().toMillis() + " ms"
                                + (request.token().isPresent() ? " and the consistency token" : "")
                                + " cannot be met: the "
                                + best.source().node() + " is "
                                + status.health().wireName() + " (" + status.why() + ") and " + had)
                .at("X-Freshness-Requirement")
                .hint("try again after " + seconds(router.settings.retryAfter())
                        + ", accept staler answers, or allow X-Fallback-Strategy: primary")
                .asException();
    }

    private static String seconds(Duration duration) {
        return Math.ceilDiv(duration.toMillis(), 1000L) + " s";
    }
}
