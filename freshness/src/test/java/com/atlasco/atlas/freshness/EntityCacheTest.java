package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.freshness.cache.CacheFigures;
import com.atlasco.atlas.freshness.cache.CachedRead;
import com.atlasco.atlas.freshness.cache.EntityCache;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EntityCacheTest {

    private static final TenantId TENANT = new TenantId(1);
    private static final long MAXIMUM = 100_000;

    private final VirtualTime time = new VirtualTime(0);
    private final ProgressSignal signal = new ProgressSignal();
    private final HeartbeatLog log = new HeartbeatLog("node-1", 1000);
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, signal);
    private final SourceTracker replica =
            new SourceTracker(Source.REPLICA, log, MonitorSettings.forReplica(), time::ticker, time::instant, signal);
    private final EntityCache cache = new EntityCache(MAXIMUM, log, time::ticker, time::instant, signal);
    private final List<String> prevented = new ArrayList<>();
    private final Router router = new Router(
            primary,
            List.of(replica),
            Optional.empty(),
            RouterSettings.defaults(),
            signal,
            time::ticker,
            new RoutingObserver() {
                @Override
                public void prevented(Source source, Shortfall why) {
                    prevented.add(source.wireName() + " " + why.wireName());
                }
            },
            () -> {});

    private Heartbeat beat(long lsn) {
        Heartbeat beat = new Heartbeat("node-1", log.next(time.ticker()), position(lsn), Instant.EPOCH);
        primary.heartbeatSucceeded(beat, time.ticker());
        replica.observed(new Observation(Optional.of(beat), Optional.of(position(lsn)), Map.of()));
        return beat;
    }

    private static Position position(long lsn) {
        return new Position(1, 1, new Lsn(lsn));
    }

    private static Entity entity(long id, int textLength) {
        return new Entity(
                id, "t", 1, Document.of(Map.of(1, new Value.TextValue("x".repeat(textLength)))), Instant.EPOCH);
    }

    private static ReadRequest request(FreshnessClass freshness, Optional<Source> pinned, Optional<Long> token) {
        return new ReadRequest(
                freshness,
                Optional.empty(),
                FallbackStrategy.PRIMARY,
                token.map(EntityCacheTest::position).map(ConsistencyToken::new),
                Shape.POINT,
                pinned,
                Optional.of(Duration.ZERO));
    }

    private static ReadRequest request(FreshnessClass freshness) {
        return request(freshness, Optional.empty(), Optional.empty());
    }

    private Source read(ReadRequest request, long entityId, int textLength) {
        CachedRead read = cache.look(TENANT, entityId);
        try (RouteDecision decision = router.route(request, Set.of(), Optional.of(read))) {
            ReadPermit permit = decision.begin();
            if (permit.source() != Source.CACHE) {
                read.fill(permit, entity(entityId, textLength), position(5_000));
            }
            return permit.source();
        }
    }

    private void pass(long millis) {
        time.advance(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void withoutAChangeStreamACopyAgesFromItsReading() {
        beat(1_000);
        assertThat(read(request(FreshnessClass.INTERACTIVE), 1, 1)).isEqualTo(Source.REPLICA);
        assertThat(read(request(FreshnessClass.INTERACTIVE), 1, 1)).isEqualTo(Source.CACHE);
        pass(999);
        beat(1_000);
        assertThat(read(request(FreshnessClass.INTERACTIVE), 1, 1)).isEqualTo(Source.CACHE);
        pass(1);
        assertThat(read(request(FreshnessClass.OPERATIONAL), 1, 1)).isEqualTo(Source.CACHE);
        assertThat(prevented).isEmpty();
        assertThat(read(request(FreshnessClass.INTERACTIVE), 1, 1)).isEqualTo(Source.REPLICA);
        assertThat(prevented).containsExactly("cache too_stale");
    }

    @Test
    void aCopyThatNoChangeTouchesIsAsFreshAndAsFarAsTheChangeStream() {
        cache.follow();
        beat(1_000);
        assertThat(read(request(FreshnessClass.INTERACTIVE), 1, 1)).isEqualTo(Source.REPLICA);
        pass(5_000);
        Heartbeat passed = beat(2_000);
        assertThat(read(request(FreshnessClass.INTERACTIVE, Optional.empty(), Optional.of(1_500L)), 1, 1))
                .isEqualTo(Source.REPLICA);
        cache.passed(position(2_000), List.of(passed));
        ReadRequest token = request(FreshnessClass.INTERACTIVE, Optional.of(Source.CACHE), Optional.of(2_000L));
        assertThat(read(token, 1, 1)).isEqualTo(Source.CACHE);
        pass(5_000);
        cache.passed(position(3_000), List.of(beat(3_000)));
        assertThat(read(token, 1, 1)).isEqualTo(Source.CACHE);
        cache.changed(TENANT, 1);
        assertRefused(token, 1);
    }

    @Test
    void realtimeNeverSeesItAndAPinIsHonoured() {
        beat(1_000);
        assertThat(read(request(FreshnessClass.INTERACTIVE), 1, 1)).isEqualTo(Source.REPLICA);
        assertThat(read(request(FreshnessClass.REALTIME), 1, 1)).isEqualTo(Source.PRIMARY);
        assertThat(read(request(FreshnessClass.BATCH, Optional.of(Source.REPLICA), Optional.empty()), 1, 1))
                .isEqualTo(Source.REPLICA);
        ReadRequest pinned = request(FreshnessClass.BATCH, Optional.of(Source.CACHE), Optional.empty());
        assertThat(read(pinned, 1, 1)).isEqualTo(Source.CACHE);
        assertRefused(pinned, 2);
        assertThatThrownBy(() -> new ReadRequest(
                        FreshnessClass.BATCH,
                        Optional.empty(),
                        FallbackStrategy.PRIMARY,
                        Optional.empty(),
                        Shape.FILTER,
                        Optional.of(Source.CACHE),
                        Optional.empty()))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.INVALID_HEADER));
    }

    @Test
    void aCopyIsDroppedWhenWhatItCameFromWasReplacedAndWithItsTenant() {
        beat(1_000);
        ReadRequest pinned = request(FreshnessClass.BATCH, Optional.of(Source.CACHE), Optional.empty());
        read(request(FreshnessClass.INTERACTIVE), 1, 1);
        assertThat(read(pinned, 1, 1)).isEqualTo(Source.CACHE);
        replica.suspend("it is replaced");
        assertRefused(pinned, 1);
        replica.resume();
        beat(1_000);
        read(request(FreshnessClass.INTERACTIVE), 1, 1);
        assertThat(read(pinned, 1, 1)).isEqualTo(Source.CACHE);
        cache.tenantDeleted(new TenantId(2));
        assertThat(read(pinned, 1, 1)).isEqualTo(Source.CACHE);
        cache.tenantDeleted(TENANT);
        assertRefused(pinned, 1);
    }

    @Test
    void whenTheChangesAreOfAnotherHistoryNoCopyIsKept() {
        cache.follow();
        Heartbeat passed = beat(1_000);
        cache.passed(position(1_000), List.of(passed));
        pass(100);
        beat(1_000);
        ReadRequest pinned = request(FreshnessClass.BATCH, Optional.of(Source.CACHE), Optional.empty());
        read(request(FreshnessClass.INTERACTIVE), 1, 1);
        assertThat(read(pinned, 1, 1)).isEqualTo(Source.CACHE);
        cache.passed(new Position(1, 2, new Lsn(1_000)), List.of());
        assertRefused(pinned, 1);
    }

    @Test
    void aReplicaThatMayNotKnowOfATenantsEndFillsNothing() {
        cache.follow();
        cache.passed(position(1_000), List.of(beat(1_000)));
        // Sent, and not there yet.
        log.next(time.ticker());
        cache.tenantDeleted(TENANT);
        assertThat(read(request(FreshnessClass.INTERACTIVE), 1, 1)).isEqualTo(Source.REPLICA);
        assertRefused(request(FreshnessClass.BATCH, Optional.of(Source.CACHE), Optional.empty()), 1);
    }

    @Test
    void copiesTakeNoMoreThanTheirBytes() {
        beat(1_000);
        for (long id = 1; id <= 500; id++) {
            read(request(FreshnessClass.BATCH), id, 1_000);
        }
        CacheFigures figures = cache.figures();
        assertThat(figures.fills()).isEqualTo(500);
        assertThat(figures.bytes()).isBetween(MAXIMUM / 2, MAXIMUM);
        assertThat(figures.entries()).isLessThan(50);
        assertThat(figures.evictions()).isEqualTo(500 - figures.entries());
    }

    private void assertRefused(ReadRequest pinned, long entityId) {
        assertThatThrownBy(() -> read(pinned, entityId, 1))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.FRESHNESS_UNAVAILABLE));
    }
}
