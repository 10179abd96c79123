package com.atlasco.atlas.server.read;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.freshness.FallbackStrategy;
import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.ReadPermit;
import com.atlasco.atlas.freshness.ReadRequest;
import com.atlasco.atlas.freshness.RouteDecision;
import com.atlasco.atlas.freshness.Router;
import com.atlasco.atlas.freshness.cache.CachedRead;
import com.atlasco.atlas.freshness.cache.EntityCache;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.query.EntityLookup;
import com.atlasco.atlas.query.EntityReader;
import com.atlasco.atlas.query.history.HistoryReader;
import com.atlasco.atlas.server.json.EntityOutput;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Serves reads from the source that their freshness asks for. Thread-safe. */
public final class ReadService {

    private static final int OTHER_ATTEMPTS = 2;

    /** What the columnar store can serve although indexes cannot. */
    private static final Set<ErrorCode> BY_COLUMNS = Set.of(ErrorCode.FILTER_TOO_COSTLY, ErrorCode.NOT_FILTERABLE);

    /** Classes whose bound the columnar store always meets as long as nothing is wrong. */
    private static final Set<FreshnessClass> COLUMNAR =
            Set.of(FreshnessClass.OPERATIONAL, FreshnessClass.ANALYTICAL, FreshnessClass.BATCH);

    private final Router router;
    private final Map<Source, SourceAccess> sources;
    private final Map<String, SourceAccess> replicas;
    private final int attempts;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Optional<EntityCache> cache;
    private final Map<Served, DistributionSummary> bounds = new ConcurrentHashMap<>();

    /**
     * Composes the service of a router and the sources that it may choose.
     *
     * @param sources all but the replicas
     * @param replicas by their names
     * @param cache of what single reads have found; it is a source, too
     */
    public ReadService(
            Router router,
            Map<Source, SourceAccess> sources,
            Map<String, SourceAccess> replicas,
            Optional<EntityCache> cache,
            InstantSource clock,
            MeterRegistry meters) {
        this.router = router;
        this.sources = Map.copyOf(sources);
        this.replicas = Map.copyOf(replicas);
        // Every replica may fail once, and then there is the primary.
        this.attempts = OTHER_ATTEMPTS + Math.max(1, replicas.size());
        this.cache = cache;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Reads from the source that is chosen. A source that fails during the read is given up for the one that the
     * fallback strategy names.
     *
     * @throws AtlasException {@code freshness_unavailable}, {@code source_unavailable}, {@code overloaded}, {@code
     *     invalid_token}, and whatever the query itself throws
     */
    public <T> Answer<T> read(ReadOptions options, ReadRequest.Shape shape, Function<EntityReader, T> query) {
        return route(options, shape, access -> new Seen<>(query.apply(access.reader()), access.position()));
    }

    /**
     * As {@link #read}, for a filter with a limit. What indexes cannot serve goes to the columnar store, when that is fresh
     * enough and the class is not one of those for which it is never asked.
     *
     * @throws AtlasException also {@code filter_too_costly} and {@code not_filterable}, when the columnar store may not
     *     serve it either
     */
    public <T> Answer<T> find(ReadOptions options, Function<BoundedReader, T> query) {
        long arrival = System.nanoTime();
        try {
            return route(options, ReadRequest.Shape.FILTER, access -> bounded(access, query));
        } catch (AtlasException refused) {
            if (!BY_COLUMNS.contains(refused.problem().code())
                    || !COLUMNAR.contains(options.freshnessClass())
                    || !sources.containsKey(Source.OLAP)
                    || options.pinned().isPresent()) {
                throw refused;
            }
            return findByColumns(options, query, refused, Duration.ofNanos(System.nanoTime() - arrival));
        }
    }

    private static <T> Seen<T> bounded(SourceAccess access, Function<BoundedReader, T> query) {
        BoundedReader reader = new BoundedReader(access.reader());
        T value = query.apply(reader);
        return new Seen<>(value, reader.position().isPresent() ? reader::position : access.position());
    }

    private <T> Answer<T> findByColumns(
            ReadOptions options, Function<BoundedReader, T> query, AtlasException refused, Duration waited) {
        ReadRequest request = new ReadRequest(
                        options.freshnessClass(),
                        options.maxLag(),
                        FallbackStrategy.FAIL,
                        options.token(),
                        ReadRequest.Shape.AGGREGATE,
                        Optional.of(Source.OLAP),
                        options.maxWait())
                .havingWaited(waited);
        try (RouteDecision decision = router.route(request, Set.of())) {
            Answer<T> answer = read(options, decision, access -> bounded(access, query), (_, _) -> {});
            Map<String, String> headers = new LinkedHashMap<>(answer.headers());
            headers.put(
                    "X-Routing-Reason", "olap_for:" + refused.problem().code().wireName());
            return new Answer<>(answer.value(), headers);
        } catch (AtlasException unavailable) {
            // What was asked for cannot be had as it was asked for: that is the answer, not that olap is away.
            refused.addSuppressed(unavailable);
            throw refused;
        }
    }

    /** As {@link #read}, for one entity by its id: from the cache, where that has it and it is fresh enough. */
    public Answer<Optional<Entity>> get(ReadOptions options, TenantId tenant, long entityId) {
        ReadRequest request = request(options, ReadRequest.Shape.POINT);
        return attempts((failed, waited) -> {
            Optional<CachedRead> cached = cache.map(known -> known.look(tenant, entityId));
            RouteDecision decision =
                    router.route(request.havingWaited(waited), failed, cached.map(MonitoredSource.class::cast));
            if (decision.source() == Source.CACHE) {
                return new Attempt<>(decision, () -> cached(options, decision, cached.orElseThrow()));
            }
            cached.filter(_ -> mayBeCached(request)).ifPresent(CachedRead::missed);
            return new Attempt<>(
                    decision,
                    () -> read(
                            options,
                            decision,
                            access -> located(access, tenant, entityId),
                            (permit, seen) -> cached.ifPresent(read -> fill(read, permit, seen))));
        });
    }

    private static Seen<Optional<Entity>> located(SourceAccess access, TenantId tenant, long entityId) {
        EntityLookup.Located located = access.lookup().find(tenant, entityId);
        return new Seen<>(located.entity(), located::position);
    }

    /** That there is no such entity is not kept: who creates it next need not have read it. */
    private static void fill(CachedRead read, ReadPermit permit, Seen<Optional<Entity>> seen) {
        seen.value().ifPresent(entity -> seen.position().get().ifPresent(shown -> read.fill(permit, entity, shown)));
    }

    private static boolean mayBeCached(ReadRequest request) {
        return request.freshness() != FreshnessClass.REALTIME
                && !request.limit().isZero()
                && request.pinned().isEmpty();
    }

    private Answer<Optional<Entity>> cached(ReadOptions options, RouteDecision decision, CachedRead read) {
        Instant begun = clock.instant();
        ReadPermit permit = decision.begin();
        Optional<Entity> entity = read.entity();
        permit.confirm();
        read.hit();
        measure(options, permit);
        // What the caller has seen before may be newer than what the copy shows, and is contained all the same.
        Optional<Position> seen = read.shown()
                .map(shown -> options.token()
                        .map(ConsistencyToken::position)
                        .filter(token -> token.contains(shown))
                        .orElse(shown));
        return new Answer<>(entity, headers(decision, permit, begun, seen));
    }

    /**
     * Reads the past, which the analytics store alone knows: no other source takes its place.
     *
     * @throws AtlasException as {@link #read}; {@code source_unavailable} where there is no analytics store
     */
    public <T> Answer<T> past(ReadOptions options, Function<HistoryReader, T> query) {
        return route(
                options.at(Source.OLAP),
                ReadRequest.Shape.AGGREGATE,
                access -> new Seen<>(query.apply(access.history().orElseThrow()), access.position()));
    }

    /** What a read has seen, and where to ask for a position that contains it. */
    private record Seen<T>(T value, Supplier<Optional<Position>> position) {}

    private static ReadRequest request(ReadOptions options, ReadRequest.Shape shape) {
        return new ReadRequest(
                options.freshnessClass(),
                options.maxLag(),
                options.fallback(),
                options.token(),
                shape,
                options.pinned(),
                options.maxWait());
    }

    private <T> Answer<T> route(ReadOptions options, ReadRequest.Shape shape, Function<SourceAccess, Seen<T>> query) {
        ReadRequest request = request(options, shape);
        return attempts((failed, waited) -> {
            RouteDecision decision = router.route(request.havingWaited(waited), failed);
            return new Attempt<>(decision, () -> read(options, decision, query, (_, _) -> {}));
        });
    }

    /** A read that has been routed, and is yet to be done. */
    private record Attempt<T>(RouteDecision decision, Supplier<Answer<T>> answer) {}

    /** @param begin routes, given which sources have failed and how long the read has taken so far */
    private <T> Answer<T> attempts(BiFunction<Set<String>, Duration, Attempt<T>> begin) {
        long arrival = System.nanoTime();
        Set<String> failed = new HashSet<>();
        for (int attempt = 1; ; attempt++) {
            Attempt<T> tried = begin.apply(failed, Duration.ofNanos(System.nanoTime() - arrival));
            try (RouteDecision decision = tried.decision()) {
                try {
                    return tried.answer().get();
                } catch (AtlasException refused) {
                    boolean again = switch (refused.problem().code()) {
                        // The source fell behind, or was replaced, since it was chosen.
                        case FRESHNESS_UNAVAILABLE -> true;
                        // The monitor has yet to notice what this read has.
                        case SOURCE_UNAVAILABLE -> failed.add(decision.node());
                        default -> false;
                    };
                    boolean last = decision.source() == Source.PRIMARY
                            && !decision.reason().hasAlternative();
                    if (!again || attempt == attempts || last) {
                        throw refused;
                    }
                }
            }
        }
    }

    private <T> Answer<T> read(
            ReadOptions options,
            RouteDecision decision,
            Function<SourceAccess, Seen<T>> query,
            BiConsumer<ReadPermit, Seen<T>> confirmed) {
        SourceAccess access =
                decision.source() == Source.REPLICA ? replicas.get(decision.node()) : sources.get(decision.source());
        if (access == null) {
            throw new IllegalStateException("the router chose a source that is not there: " + decision.node());
        }
        // Before the bound's moment, so that the instant that the source is said to reflect is none too late.
        Instant begun = clock.instant();
        ReadPermit permit = decision.begin();
        if (options.token().filter(token -> !token.shownByPrimary()).isPresent()) {
            access.awaitVisible().accept(permit.knownToken());
        }
        Seen<T> seen = query.apply(access);
        Optional<Position> reached = seen.position().get();
        permit.confirm(reached);
        confirmed.accept(permit, seen);
        measure(options, permit);
        return new Answer<>(seen.value(), headers(decision, permit, begun, told(permit, reached)));
    }

    /** Of the analytics store the position is the primary's, which may be of another history than what was read by then. */
    private static Optional<Position> told(ReadPermit permit, Optional<Position> reached) {
        return permit.source() == Source.OLAP
                ? reached.filter(
                        end -> permit.position().filter(end::sameHistory).isPresent())
                : reached;
    }

    private Map<String, String> headers(
            RouteDecision decision, ReadPermit permit, Instant begun, Optional<Position> position) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Data-Source", permit.source().wireName());
        headers.put("X-Data-Source-Node", decision.node());
        permit.met().map(FreshnessClass::wireName).ifPresent(met -> headers.put("X-Data-Freshness", met));
        headers.put("X-Actual-Lag-Ms", Long.toString(permit.bound().toMillis()));
        headers.put("X-Data-Timestamp", EntityOutput.timestamp(clock.instant()));
        headers.put("X-Source-Timestamp", EntityOutput.timestamp(begun.minus(permit.bound())));
        headers.put("X-Replication-Health", permit.health().wireName());
        headers.put("X-Routing-Reason", decision.reason().wireName());
        boolean shownByPrimary = permit.source() == Source.PRIMARY;
        position.map(reached -> new ConsistencyToken(reached, shownByPrimary).encode())
                .ifPresent(token -> headers.put("X-Consistency-Token", token));
        return headers;
    }

    /** Where reads of a class were served. */
    private record Served(Source source, FreshnessClass asked) {}

    private void measure(ReadOptions options, ReadPermit permit) {
        bounds.computeIfAbsent(new Served(permit.source(), options.freshnessClass()), this::bound)
                .record((double) permit.bound().toMillis());
    }

    private DistributionSummary bound(Served served) {
        return DistributionSummary.builder("atlas.read.bound")
                .description("The staleness bound that reads were answered with")
                .baseUnit("milliseconds")
                .publishPercentileHistogram()
                .minimumExpectedValue(1.0)
                .maximumExpectedValue(3_600_000.0)
                .tag("source", served.source().wireName())
                .tag("class", served.asked().wireName())
                .register(meters);
    }
}
