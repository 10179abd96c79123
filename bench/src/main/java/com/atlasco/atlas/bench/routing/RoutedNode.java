package com.atlasco.atlas.bench.routing;

import com.atlasco.atlas.freshness.ConsistencyToken;
import com.atlasco.atlas.freshness.FallbackStrategy;
import com.atlasco.atlas.freshness.FreshnessClass;
import com.atlasco.atlas.freshness.HeartbeatLog;
import com.atlasco.atlas.freshness.HeartbeatSettings;
import com.atlasco.atlas.freshness.HeartbeatWriter;
import com.atlasco.atlas.freshness.MonitorSettings;
import com.atlasco.atlas.freshness.MonitoredSource;
import com.atlasco.atlas.freshness.Observation;
import com.atlasco.atlas.freshness.PrimaryMonitor;
import com.atlasco.atlas.freshness.ProgressSignal;
import com.atlasco.atlas.freshness.ReadPermit;
import com.atlasco.atlas.freshness.ReadRequest;
import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.freshness.RouteDecision;
import com.atlasco.atlas.freshness.Router;
import com.atlasco.atlas.freshness.RouterSettings;
import com.atlasco.atlas.freshness.RoutingObserver;
import com.atlasco.atlas.freshness.RoutingReason;
import com.atlasco.atlas.freshness.SourceMonitor;
import com.atlasco.atlas.freshness.cache.CachedRead;
import com.atlasco.atlas.freshness.cache.EntityCache;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** A node's router, with monitors and a cache that see a primary and a replica which answer at once. Thread-safe. */
final class RoutedNode implements AutoCloseable {

    static final int ENTITIES = 10_000;

    private static final TenantId TENANT = new TenantId(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HeartbeatWriter writer;
    private final SourceMonitor replica;
    private final Router router;
    private final EntityCache cache;
    private volatile Heartbeat newest = new Heartbeat("nobody", 0, position(0), Instant.EPOCH);

    RoutedNode() {
        HeartbeatSettings settings = HeartbeatSettings.defaults();
        HeartbeatLog log = new HeartbeatLog("bench", settings.remembered());
        ProgressSignal signal = new ProgressSignal();
        InstantSource clock = InstantSource.system();
        PrimaryMonitor primary = new PrimaryMonitor(settings, System::nanoTime, clock, signal);
        this.cache = new EntityCache(64 << 20, log, System::nanoTime, clock, signal);
        this.writer = new HeartbeatWriter(settings, this::beat, log, primary, System::nanoTime);
        this.replica = new SourceMonitor(
                Source.REPLICA,
                Source.REPLICA.wireName(),
                () -> new Observation(Optional.of(newest), Optional.of(newest.position()), Map.of()),
                log,
                MonitorSettings.forReplica(),
                System::nanoTime,
                clock,
                signal);
        this.router = new Router(
                primary,
                List.of(replica),
                Optional.empty(),
                RouterSettings.defaults(),
                signal,
                System::nanoTime,
                new Counting(),
                writer::hurry);
        writer.start();
        replica.start();
        cache.follow();
        fill();
    }

    /** Counts as a node does for its metrics. */
    private static final class Counting implements RoutingObserver {

        private final Map<Decided, LongAdder> decisions = new ConcurrentHashMap<>();

        private record Decided(Source source, RoutingReason reason) {}

        @Override
        public void decided(Source source, RoutingReason reason) {
            decisions
                    .computeIfAbsent(new Decided(source, reason), _ -> new LongAdder())
                    .increment();
        }
    }

    private Heartbeat beat(String nodeId, long sequence) {
        Heartbeat beat = new Heartbeat(nodeId, sequence, position(sequence), Instant.now());
        newest = beat;
        cache.passed(beat.position(), List.of(beat));
        return beat;
    }

    private static Position position(long sequence) {
        return new Position(7_000_000_001L, 1, new Lsn(1_000 * (sequence + 1)));
    }

    /** Every entity is read from the replica once. */
    private void fill() {
        long begun = System.nanoTime();
        long held = 0;
        while (held < ENTITIES) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new IllegalStateException("the sources have not come up");
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            for (long entityId = 1; entityId <= ENTITIES; entityId++) {
                fill(entityId);
            }
            held = cache.figures().entries();
        }
    }

    private void fill(long entityId) {
        CachedRead read = cache.look(TENANT, entityId);
        if (read.entity().isPresent()) {
            return;
        }
        try (RouteDecision decision = router.route(request(Optional.empty()))) {
            ReadPermit permit = decision.begin();
            if (permit.source() == Source.REPLICA) {
                permit.position()
                        .ifPresent(position -> read.fill(
                                permit, new Entity(entityId, "t", 1, Document.empty(), Instant.EPOCH), position));
            }
        }
    }

    /** What a read costs beside being done: routed to the replica, begun and confirmed. */
    Duration replicaRead(Optional<ConsistencyToken> token) {
        try (RouteDecision decision = router.route(request(token))) {
            ReadPermit permit = decision.begin();
            permit.confirm();
            return expect(permit, Source.REPLICA);
        }
    }

    /** The same with the look into the cache, which serves it. */
    Duration cachedRead(long entityId) {
        CachedRead read = cache.look(TENANT, entityId);
        Optional<MonitoredSource> cached = Optional.of(read);
        try (RouteDecision decision = router.route(request(Optional.empty()), Set.of(), cached)) {
            ReadPermit permit = decision.begin();
            permit.confirm();
            read.hit();
            return expect(permit, Source.CACHE);
        }
    }

    /** A token that every source meets. */
    ConsistencyToken token() {
        return new ConsistencyToken(position(1));
    }

    private static Duration expect(ReadPermit permit, Source source) {
        if (permit.source() != source) {
            throw new IllegalStateException("it is the " + permit.source().wireName() + " that served");
        }
        return permit.bound();
    }

    private static ReadRequest request(Optional<ConsistencyToken> token) {
        return new ReadRequest(
                FreshnessClass.OPERATIONAL, Optional.empty(), FallbackStrategy.PRIMARY, token, Shape.POINT);
    }

    @Override
    public void close() {
        replica.close();
        writer.close();
    }
}
