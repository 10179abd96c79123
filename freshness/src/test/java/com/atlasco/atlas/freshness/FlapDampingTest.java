package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The lag of a replica swings across a limit, in virtual time: where nothing arrives in a step, it is above. */
class FlapDampingTest {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofMillis(50);
    private static final RouterSettings NO_WAIT =
            new RouterSettings(Duration.ZERO, Duration.ofSeconds(1), 2, Duration.ofSeconds(1));

    private final VirtualTime time = new VirtualTime(Long.MAX_VALUE - 1_000_000_000L);
    private final ProgressSignal signal = new ProgressSignal();
    private final HeartbeatLog log = new HeartbeatLog("node-1", 10_000);
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, signal);
    private final SourceTracker replica = tracker(Source.REPLICA);
    private final SourceTracker olap = tracker(Source.OLAP);
    private final Router router = new Router(
            primary,
            List.of(replica),
            Optional.of(olap),
            NO_WAIT,
            signal,
            time::ticker,
            RoutingObserver.NONE,
            () -> {});

    @Test
    void aLagThatSwingsAcrossTheLimitChangesSidesAFewTimesOnly() {
        for (int period : new int[] {4, 10, 20, 60, 150, 300}) {
            List<Source> served = served(1_200, FallbackStrategy.PRIMARY, step -> step % period < period / 2);
            long switches = switches(served);
            assertThat(switches).as("period of %d steps", period).isBetween(1L, 8L);
            // For the next period.
            assertThat(served(1_000, FallbackStrategy.PRIMARY, step -> false).getLast())
                    .isEqualTo(Source.REPLICA);
        }
    }

    @Test
    void aSourceThatFellShortOnceIsBackWithTheNextRead() {
        List<Source> served = served(100, FallbackStrategy.PRIMARY, step -> step == 50);
        assertThat(served.get(50)).isEqualTo(Source.PRIMARY);
        assertThat(served.get(51)).isEqualTo(Source.REPLICA);
        assertThat(switches(served)).isEqualTo(2);
    }

    @Test
    void afterTheHoldTheSourceServesAgain() {
        List<Source> served = served(400, FallbackStrategy.PRIMARY, step -> step == 50 || step == 60);
        assertThat(served.get(55)).isEqualTo(Source.REPLICA);
        assertThat(served.subList(60, 260)).containsOnly(Source.PRIMARY);
        assertThat(served.subList(261, 400)).containsOnly(Source.REPLICA);
    }

    @Test
    void whereThePrimaryHasNoPlaceLeftOrNoFallbackIsWantedTheSourceServes() {
        served(100, FallbackStrategy.PRIMARY, step -> step == 50 || step == 60);
        List<RouteDecision> open = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            open.add(router.route(request(FallbackStrategy.PRIMARY, Shape.FILTER)));
        }
        assertThat(open).allSatisfy(decision -> assertThat(decision.reason()).isEqualTo(RoutingReason.LAG_OSCILLATES));
        assertRouted(request(FallbackStrategy.PRIMARY, Shape.POINT), Source.REPLICA, RoutingReason.PREFERRED);
        open.getFirst().close();
        assertRouted(request(FallbackStrategy.FAIL, Shape.POINT), Source.REPLICA, RoutingReason.PREFERRED);
        assertRouted(request(FallbackStrategy.REPLICA, Shape.POINT), Source.REPLICA, RoutingReason.PREFERRED);
        assertRouted(request(FallbackStrategy.PRIMARY, Shape.POINT), Source.PRIMARY, RoutingReason.LAG_OSCILLATES);
    }

    @Test
    void otherLimitsAreNotConcernedAndAggregationsStayOffThePrimary() {
        served(100, FallbackStrategy.PRIMARY, step -> step == 50 || step == 60);
        assertRouted(
                new ReadRequest(
                        FreshnessClass.OPERATIONAL,
                        Optional.empty(),
                        FallbackStrategy.PRIMARY,
                        Optional.empty(),
                        Shape.POINT),
                Source.REPLICA,
                RoutingReason.PREFERRED);
        for (int i = 0; i < 3; i++) {
            pass(replica);
            pass(replica, olap);
            assertRouted(request(FallbackStrategy.PRIMARY, Shape.AGGREGATE), Source.OLAP, RoutingReason.PREFERRED);
            pass(replica);
            RoutingReason stale = RoutingReason.OLAP_TOO_STALE;
            assertRouted(request(FallbackStrategy.PRIMARY, Shape.AGGREGATE), Source.PRIMARY, stale);
        }
        pass(replica, olap);
        assertRouted(request(FallbackStrategy.PRIMARY, Shape.AGGREGATE), Source.OLAP, RoutingReason.PREFERRED);
        assertRouted(request(FallbackStrategy.REPLICA, Shape.AGGREGATE), Source.REPLICA, RoutingReason.LAG_OSCILLATES);
    }

    @Test
    void aSteadyLagBetweenTwoLimitsIsNoSwing() {
        pass(replica);
        pass();
        for (int i = 0; i < 20; i++) {
            // 100 ms behind; both limits lie between the same powers of two.
            assertRouted(limited(70, Shape.POINT), Source.PRIMARY, RoutingReason.REPLICA_TOO_STALE);
            assertRouted(limited(120, Shape.POINT), Source.REPLICA, RoutingReason.PREFERRED);
        }
        pass(replica);
        assertRouted(limited(70, Shape.POINT), Source.REPLICA, RoutingReason.PREFERRED);
    }

    @Test
    void withoutAnAnalyticsStoreAggregationsAreNotKeptOnThePrimaryEither() {
        Router rowsOnly = new Router(
                primary,
                List.of(replica),
                Optional.empty(),
                NO_WAIT,
                signal,
                time::ticker,
                RoutingObserver.NONE,
                () -> {});
        for (int i = 0; i < 3; i++) {
            pass(replica);
            try (RouteDecision decision = rowsOnly.route(limited(50, Shape.AGGREGATE))) {
                assertThat(decision.source()).isEqualTo(Source.REPLICA);
            }
            pass();
            try (RouteDecision decision = rowsOnly.route(limited(50, Shape.AGGREGATE))) {
                assertThat(decision.source()).isEqualTo(Source.PRIMARY);
            }
        }
    }

    private static ReadRequest limited(int millis, Shape shape) {
        return new ReadRequest(
                FreshnessClass.INTERACTIVE,
                Optional.of(Duration.ofMillis(millis)),
                FallbackStrategy.PRIMARY,
                Optional.empty(),
                shape);
    }

    /** A read in each step, in some of which the replica is behind. */
    private List<Source> served(int steps, FallbackStrategy fallback, Predicate<Integer> behind) {
        List<Source> served = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            if (behind.test(step)) {
                pass(olap);
            } else {
                pass(olap, replica);
            }
            try (RouteDecision decision = router.route(request(fallback, Shape.POINT))) {
                served.add(decision.source());
            } catch (AtlasException refused) {
                throw new AssertionError("step " + step, refused);
            }
        }
        return served;
    }

    private static long switches(List<Source> served) {
        long switches = 0;
        for (int i = 1; i < served.size(); i++) {
            switches += served.get(i) == served.get(i - 1) ? 0 : 1;
        }
        return switches;
    }

    private void pass(SourceTracker... arrived) {
        time.advance(STEP.toNanos());
        long sequence = log.next(time.ticker());
        primary.heartbeatSucceeded(heartbeat(sequence), time.ticker());
        for (SourceTracker source : arrived) {
            arrive(source, sequence);
        }
    }

    private static void arrive(SourceTracker tracker, long sequence) {
        tracker.observed(new Observation(
                Optional.of(heartbeat(sequence)),
                Optional.of(heartbeat(sequence).position()),
                Map.of()));
    }

    private static Heartbeat heartbeat(long sequence) {
        return new Heartbeat("node-1", sequence, new Position(1, 2, new Lsn(1_000 + sequence)), Instant.EPOCH);
    }

    private SourceTracker tracker(Source source) {
        return new SourceTracker(source, log, MonitorSettings.forOlap(), time::ticker, time::instant, signal);
    }

    private static ReadRequest request(FallbackStrategy fallback, Shape shape) {
        return new ReadRequest(FreshnessClass.INTERACTIVE, Optional.of(LIMIT), fallback, Optional.empty(), shape);
    }

    private void assertRouted(ReadRequest request, Source source, RoutingReason reason) {
        try (RouteDecision decision = router.route(request)) {
            assertThat(decision.source()).isEqualTo(source);
            assertThat(decision.reason()).isEqualTo(reason);
        }
    }
}
