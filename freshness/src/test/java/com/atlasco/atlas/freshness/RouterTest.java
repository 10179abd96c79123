package com.atlasco.atlas.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.freshness.ReadRequest.Shape;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.Problem;
import com.atlasco.atlas.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RouterTest {

    private final VirtualTime time = new VirtualTime(0);
    private final ProgressSignal signal = new ProgressSignal();
    private final HeartbeatLog log = new HeartbeatLog("node-1", 1000);
    private final PrimaryMonitor primary =
            new PrimaryMonitor(HeartbeatSettings.defaults(), time::ticker, time::instant, signal);
    private final SourceTracker replica = tracker(Source.REPLICA);
    private final SourceTracker olap = tracker(Source.OLAP);
    private final List<String> observed = new ArrayList<>();
    private final Router router = router(List.of(replica), Optional.of(olap));

    @Test
    void realtimeAndZeroLagGoToThePrimaryAndTheShapePicksAmongTheOthers() {
        beat(1000);
        arrive(replica, 1000);
        arrive(olap, 1000);
        assertRouted(request(FreshnessClass.REALTIME, Shape.AGGREGATE), Source.PRIMARY, RoutingReason.CLASS_REALTIME);
        assertRouted(
                new ReadRequest(
                        FreshnessClass.BATCH,
                        Optional.of(Duration.ZERO),
                        FallbackStrategy.FAIL,
                        Optional.empty(),
                        Shape.POINT),
                Source.PRIMARY,
                RoutingReason.MAX_LAG_ZERO);
        assertRouted(request(FreshnessClass.INTERACTIVE, Shape.POINT), Source.REPLICA, RoutingReason.PREFERRED);
        assertRouted(request(FreshnessClass.INTERACTIVE, Shape.FILTER), Source.REPLICA, RoutingReason.PREFERRED);
        assertRouted(request(FreshnessClass.INTERACTIVE, Shape.AGGREGATE), Source.OLAP, RoutingReason.PREFERRED);
        assertThat(observed).contains("PRIMARY class_realtime", "REPLICA preferred", "OLAP preferred");
    }

    @Test
    void whatIsNotConfiguredIsStoodInForByTheNextBest() {
        beat(1000);
        arrive(replica, 1000);
        assertThat(router(List.of(replica), Optional.empty())
                        .route(request(FreshnessClass.BATCH, Shape.AGGREGATE))
                        .source())
                .isEqualTo(Source.REPLICA);
        RouteDecision decision = router(List.of(), Optional.empty()).route(request(FreshnessClass.BATCH, Shape.POINT));
        assertThat(decision.source()).isEqualTo(Source.PRIMARY);
        assertThat(decision.reason()).isEqualTo(RoutingReason.ONLY_SOURCE);
    }

    @Test
    void aBoundExactlyAtTheLimitIsNotMet() {
        beat(1000);
        arrive(replica, 1000);
        time.advance(TimeUnit.MILLISECONDS.toNanos(998) + 1);
        ReadRequest interactive = request(FreshnessClass.INTERACTIVE, Shape.POINT);
        RouteDecision decision = router.route(interactive);
        assertThat(decision.bound()).hasMillis(999);
        ReadPermit permit = decision.begin();
        assertThat(permit.met()).contains(FreshnessClass.INTERACTIVE);
        time.advance(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(decision.boundAt(time.ticker())).hasMillis(1000);
        assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, decision::begin);
        Problem problem = assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, () -> new Once(router, interactive).step());
        assertThat(problem.detail()).contains("below 1000 ms", "replica is healthy", "1000 ms stale");
        assertThat(problem.hint().orElseThrow()).contains("after 1 s");
    }

    @Test
    void maxLagTightensTheClassAndNeverWidensIt() {
        assertThat(limit(FreshnessClass.INTERACTIVE, 200)).hasMillis(200);
        assertThat(limit(FreshnessClass.INTERACTIVE, 5000)).hasMillis(1000);
        assertRefused(ErrorCode.INVALID_HEADER, () -> limit(FreshnessClass.INTERACTIVE, -1));
    }

    @Test
    void realtimeIsThePrimarysAlone() {
        for (Source other : List.of(Source.REPLICA, Source.OLAP)) {
            assertRefused(ErrorCode.INVALID_HEADER, () -> pinned(FreshnessClass.REALTIME, other));
        }
        assertThat(pinned(FreshnessClass.REALTIME, Source.PRIMARY).pinned()).contains(Source.PRIMARY);
        assertThat(pinned(FreshnessClass.INTERACTIVE, Source.REPLICA).pinned()).contains(Source.REPLICA);
    }

    private static ReadRequest pinned(FreshnessClass freshness, Source source) {
        return new ReadRequest(
                freshness,
                Optional.empty(),
                FallbackStrategy.FAIL,
                Optional.empty(),
                Shape.POINT,
                Optional.of(source),
                Optional.empty());
    }

    @Test
    void anUnreachableSourceServesNothingHoweverFreshItWas() {
        beat(1000);
        arrive(replica, 1000);
        for (int i = 0; i < 3; i++) {
            replica.failed("refused");
        }
        assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, () -> router.route(request(FreshnessClass.BATCH, Shape.POINT)));
        RouteDecision decision = router.route(with(FreshnessClass.BATCH, FallbackStrategy.PRIMARY, Shape.POINT));
        assertThat(decision.reason()).isEqualTo(RoutingReason.REPLICA_UNREACHABLE);
        assertThat(decision.fallback()).isTrue();
    }

    @Test
    void fallbacksToThePrimaryAreCappedUntilOneIsClosed() {
        beat(1000);
        List<RouteDecision> open = new ArrayList<>();
        ReadRequest request = with(FreshnessClass.BATCH, FallbackStrategy.PRIMARY, Shape.POINT);
        for (int i = 0; i < 64; i++) {
            open.add(router.route(request));
        }
        assertRefused(ErrorCode.OVERLOADED, () -> router.route(request));
        router.route(request(FreshnessClass.REALTIME, Shape.POINT)).close();
        assertRefused(ErrorCode.OVERLOADED, () -> router.route(request));
        open.getFirst().close();
        open.getFirst().close();
        router.route(request);
        assertRefused(ErrorCode.OVERLOADED, () -> router.route(request));
        assertThat(observed).contains("PRIMARY fallback_primary:replica_unknown", "refused OVERLOADED");
    }

    @Test
    void withoutThePrimaryRealtimeIsRefusedAndSoIsItsFallback() {
        assertRefused(ErrorCode.SOURCE_UNAVAILABLE, () -> router.route(request(FreshnessClass.REALTIME, Shape.POINT)));
        assertRefused(
                ErrorCode.FRESHNESS_UNAVAILABLE,
                () -> router.route(with(FreshnessClass.BATCH, FallbackStrategy.PRIMARY, Shape.POINT)));
    }

    @Test
    void theReplicaStandsInForTheAnalyticsStoreOnlyWhenItMeetsTheRequest() {
        beat(1000);
        ReadRequest request = with(FreshnessClass.INTERACTIVE, FallbackStrategy.REPLICA, Shape.AGGREGATE);
        assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, () -> router.route(request));
        arrive(replica, 1000);
        assertRouted(request, Source.REPLICA, RoutingReason.REPLICA_FOR_OLAP_UNKNOWN);
    }

    @Test
    void aReadWaitsForItsTokenAndIsWokenByProgress() throws Exception {
        beat(1000);
        arrive(replica, 1000);
        ReadRequest request = token(1500);
        List<RouteDecision> decisions = new ArrayList<>();
        // Virtual time stands still, so only progress can end this wait.
        Thread reader = Thread.ofPlatform().start(() -> decisions.add(router.route(request)));
        org.awaitility.Awaitility.await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);
        arrive(replica, 1500);
        reader.join();
        assertThat(decisions).hasSize(1);
        assertThat(decisions.getFirst().reason()).isEqualTo(RoutingReason.WAITED);
        assertThat(decisions.getFirst().position()).contains(position(1500));
        assertThat(observed).contains("waited REPLICA");
    }

    @Test
    void aWaitNeverOutlastsTheLongestWait() {
        beat(1000);
        arrive(replica, 1000);
        Routing routing = router.begin(token(1500));
        assertThat(routing.step()).isEqualTo(new Routing.Step.Wait(TimeUnit.MILLISECONDS.toNanos(250)));
        time.advance(TimeUnit.MILLISECONDS.toNanos(249));
        assertThat(routing.step()).isEqualTo(new Routing.Step.Wait(TimeUnit.MILLISECONDS.toNanos(1)));
        time.advance(TimeUnit.MILLISECONDS.toNanos(1));
        assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, routing::step);

        Routing realtime = router.begin(new ReadRequest(
                FreshnessClass.REALTIME,
                Optional.empty(),
                FallbackStrategy.FAIL,
                token(1500).token(),
                Shape.POINT));
        assertThat(realtime.step())
                .as("never more than the class's bound")
                .isEqualTo(new Routing.Step.Wait(TimeUnit.MILLISECONDS.toNanos(100)));
    }

    @Test
    void aTokenThatNoHeartbeatHasConfirmedIsConfirmedByTheReadItself() {
        beat(1000);
        ReadPermit permit = onPrimary(1500);
        assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, () -> permit.confirm(Optional.empty()));
        assertRefused(ErrorCode.INVALID_TOKEN, () -> permit.confirm(Optional.of(position(1499))));
        permit.confirm(Optional.of(position(1500)));
        assertThat(permit.knownToken()).isEmpty();
    }

    @Test
    void aReadOfThePrimaryIsHeldAgainstTheLogThatItMet() {
        beat(1600);
        ReadPermit permit = onPrimary(1600);
        assertThat(permit.knownToken()).contains(position(1600));
        permit.confirm(Optional.of(position(1600)));
        permit.confirm(Optional.empty());
        assertRefused(
                ErrorCode.FRESHNESS_UNAVAILABLE, () -> permit.confirm(Optional.of(new Position(1, 3, new Lsn(2000)))));
        assertRefused(ErrorCode.INVALID_TOKEN, () -> permit.confirm(Optional.of(position(1599))));
        ReadPermit withoutToken =
                router.route(request(FreshnessClass.REALTIME, Shape.POINT)).begin();
        withoutToken.confirm(Optional.of(position(1600)));
        assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, () -> withoutToken.confirm(Optional.of(position(1599))));
    }

    /** A read of the primary with a token that is not waited for. */
    private ReadPermit onPrimary(long lsn) {
        return router.route(new ReadRequest(
                        FreshnessClass.REALTIME,
                        Optional.empty(),
                        FallbackStrategy.FAIL,
                        token(lsn).token(),
                        Shape.POINT,
                        Optional.empty(),
                        Optional.of(Duration.ZERO)))
                .begin();
    }

    @Test
    void theRequestMaySayHowLongItWaits() {
        beat(1000);
        arrive(replica, 1000);
        Routing patient = router.begin(waiting(Duration.ofSeconds(5)));
        assertThat(patient.step()).isEqualTo(new Routing.Step.Wait(TimeUnit.SECONDS.toNanos(5)));
        time.advance(TimeUnit.MILLISECONDS.toNanos(900));
        assertThat(patient.step()).isEqualTo(new Routing.Step.Wait(TimeUnit.MILLISECONDS.toNanos(4_100)));
        time.advance(TimeUnit.MILLISECONDS.toNanos(100));
        Problem stopped = assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, patient::step);
        assertThat(stopped.detail())
                .as("a source that takes nothing in is not waited for")
                .contains("replica");

        beat(1000);
        arrive(replica, 1000);
        assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, () -> router.route(waiting(Duration.ZERO)));
        assertThatThrownBy(() -> waiting(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    private static ReadRequest waiting(Duration maxWait) {
        ReadRequest request = token(1500);
        return new ReadRequest(
                request.freshness(),
                request.maxLag(),
                request.fallback(),
                request.token(),
                request.shape(),
                request.pinned(),
                Optional.of(maxWait));
    }

    @Test
    void aTokenOfAnEarlierTimelineIsRefusedWithAHint() {
        beat(1000);
        arrive(replica, 1000);
        ReadRequest request = new ReadRequest(
                FreshnessClass.BATCH,
                Optional.empty(),
                FallbackStrategy.PRIMARY,
                Optional.of(new ConsistencyToken(new Position(1, 1, new Lsn(10)))),
                Shape.POINT);
        assertThat(assertRefused(ErrorCode.INVALID_TOKEN, () -> router.route(request))
                        .hint())
                .isPresent();
    }

    @Test
    void aReadDuringWhichTheSourceWasResetIsNotConfirmed() {
        beat(1000);
        arrive(replica, 1000);
        ReadPermit permit =
                router.route(request(FreshnessClass.BATCH, Shape.POINT)).begin();
        permit.confirm();
        permit.confirm(seen(1000));
        assertRefused(
                ErrorCode.FRESHNESS_UNAVAILABLE,
                () -> permit.confirm(new Observation(Optional.empty(), Optional.of(position(1000)), Map.of())));
        replica.suspend("rebuilt");
        assertRefused(ErrorCode.FRESHNESS_UNAVAILABLE, permit::confirm);
    }

    private record Once(Router router, ReadRequest request) {
        void step() {
            Routing routing = router.begin(request);
            routing.stopWaiting();
            routing.step();
        }
    }

    private SourceTracker tracker(Source source) {
        return new SourceTracker(source, log, MonitorSettings.forOlap(), time::ticker, time::instant, signal);
    }

    private Router router(List<MonitoredSource> rows, Optional<MonitoredSource> columns) {
        RoutingObserver observer = new RoutingObserver() {
            @Override
            public void decided(Source source, RoutingReason reason) {
                observed.add(source + " " + reason.wireName());
            }

            @Override
            public void waited(Source source, Duration waited) {
                observed.add("waited " + source);
            }

            @Override
            public void refused(Source source, ErrorCode code) {
                observed.add("refused " + code);
            }
        };
        return new Router(primary, rows, columns, RouterSettings.defaults(), signal, time::ticker, observer, () -> {});
    }

    private void beat(long lsn) {
        long sequence = log.next(time.ticker());
        primary.heartbeatSucceeded(new Heartbeat("node-1", sequence, position(lsn), Instant.EPOCH), time.ticker());
    }

    private void arrive(SourceTracker tracker, long lsn) {
        tracker.observed(seen(lsn));
    }

    private Observation seen(long lsn) {
        return new Observation(
                Optional.of(new Heartbeat("node-1", log.newestSequence(), position(1000), Instant.EPOCH)),
                Optional.of(position(lsn)),
                Map.of());
    }

    private static Position position(long lsn) {
        return new Position(1, 2, new Lsn(lsn));
    }

    private static ReadRequest request(FreshnessClass freshness, Shape shape) {
        return with(freshness, FallbackStrategy.FAIL, shape);
    }

    private static ReadRequest with(FreshnessClass freshness, FallbackStrategy fallback, Shape shape) {
        return new ReadRequest(freshness, Optional.empty(), fallback, Optional.empty(), shape);
    }

    private static ReadRequest token(long lsn) {
        return new ReadRequest(
                FreshnessClass.INTERACTIVE,
                Optional.empty(),
                FallbackStrategy.FAIL,
                Optional.of(new ConsistencyToken(position(lsn))),
                Shape.POINT);
    }

    private static Duration limit(FreshnessClass freshness, long maxLagMillis) {
        return new ReadRequest(
                        freshness,
                        Optional.of(Duration.ofMillis(maxLagMillis)),
                        FallbackStrategy.FAIL,
                        Optional.empty(),
                        Shape.POINT)
                .limit();
    }

    private void assertRouted(ReadRequest request, Source source, RoutingReason reason) {
        try (RouteDecision decision = router.route(request)) {
            assertThat(decision.source()).isEqualTo(source);
            assertThat(decision.reason()).isEqualTo(reason);
            assertThat(decision.begin().source()).isEqualTo(source);
        }
    }

    private static Problem assertRefused(ErrorCode code, ThrowingCallable call) {
        List<Problem> problems = new ArrayList<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(AtlasException.class, refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(code);
            problems.add(refusal.problem());
        });
        return problems.getFirst();
    }
}
