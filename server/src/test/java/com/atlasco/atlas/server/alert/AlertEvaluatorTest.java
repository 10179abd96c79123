package com.atlasco.atlas.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.freshness.RoutingPreference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AlertEvaluatorTest {

    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Set<AlertAction> ALL =
            EnumSet.of(AlertAction.INTERACTIVE_TO_PRIMARY, AlertAction.ANALYTICS_TO_REPLICA);

    private final Map<AlertMetric, OptionalDouble> values = new EnumMap<>(AlertMetric.class);
    private final List<RoutingPreference> preferred = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private long elapsed;

    AlertEvaluatorTest() {
        for (AlertMetric metric : AlertMetric.values()) {
            values.put(metric, OptionalDouble.of(0));
        }
    }

    private OptionalDouble value(AlertMetric metric) {
        return values.getOrDefault(metric, OptionalDouble.empty());
    }

    private AlertEvaluator evaluator(AlertBoard board) {
        return new AlertEvaluator(
                board,
                this::value,
                preferred::add,
                List.of(
                        report -> {
                            throw new IllegalStateException("a listener that fails");
                        },
                        new AlertMeters(meters, board),
                        report -> told.add(report.rule().name() + " " + report.state())),
                Duration.ofSeconds(1),
                () -> elapsed,
                () -> BEGUN.plusNanos(elapsed));
    }

    private void pass(AlertEvaluator evaluator, Duration duration) {
        for (int second = 0; second < duration.toSeconds(); second++) {
            elapsed += Duration.ofSeconds(1).toNanos();
            evaluator.evaluate();
        }
    }

    @Test
    void actionsAreTakenWhileAnAlertFiresAndUndoneWhenItIsResolved() {
        AlertBoard board = new AlertBoard(AlertRule.defaults(), ALL, BEGUN);
        AlertEvaluator evaluator = evaluator(board);
        values.put(AlertMetric.REPLICA_LAG_MS, OptionalDouble.of(5_001));
        pass(evaluator, Duration.ofMinutes(2));
        assertThat(board.reports().getFirst().state()).isEqualTo("pending");
        assertThat(preferred).containsOnly(RoutingPreference.NONE);
        pass(evaluator, Duration.ofSeconds(1));
        AlertReport firing = board.reports().getFirst();
        assertThat(firing.state()).isEqualTo("firing");
        assertThat(firing.actionTaken()).isTrue();
        assertThat(firing.since()).contains(BEGUN.plusSeconds(1));
        assertThat(firing.changedAt()).isEqualTo(BEGUN.plusSeconds(121));
        assertThat(preferred.getLast()).isEqualTo(new RoutingPreference(true, false));
        assertThat(meters.get("atlas.alert.firing")
                        .tag("alert", "replica_lag")
                        .gauge()
                        .value())
                .isEqualTo(1);

        values.put(AlertMetric.REPLICA_LAG_MS, OptionalDouble.of(4_000));
        pass(evaluator, Duration.ofSeconds(30));
        assertThat(preferred.getLast().interactiveToPrimary()).isTrue();
        pass(evaluator, Duration.ofSeconds(1));
        assertThat(preferred.getLast()).isEqualTo(RoutingPreference.NONE);
        assertThat(board.reports().getFirst().since()).isEmpty();
        assertThat(told).containsExactly("replica_lag firing", "replica_lag ok");
        assertThat(meters.get("atlas.alert.firing")
                        .tag("alert", "replica_lag")
                        .gauge()
                        .value())
                .isZero();
        for (String to : List.of("firing", "resolved")) {
            assertThat(meters.get("atlas.alert.transitions")
                            .tags("alert", "replica_lag", "to", to)
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsNotKnownFiresAndSoDoesWhatCannotBeRead() {
        AlertBoard board = new AlertBoard(AlertRule.defaults(), ALL, BEGUN);
        AlertEvaluator evaluator = evaluator(board);
        values.remove(AlertMetric.OLAP_LAG_MS);
        pass(evaluator, Duration.ofSeconds(301));
        assertThat(told).containsExactly("olap_lag firing");
        assertThat(preferred.getLast()).isEqualTo(new RoutingPreference(false, true));

        AlertReadings broken = metric -> {
            throw new IllegalStateException("cannot be read");
        };
        AlertBoard blind = new AlertBoard(AlertRule.defaults(), ALL, BEGUN);
        blind.observe(broken, 0, BEGUN);
        assertThat(blind.observe(broken, Duration.ofMinutes(5).toNanos(), BEGUN))
                .hasSize(3)
                .allSatisfy(report -> assertThat(report.value()).isEmpty());
    }

    @Test
    void whatANodeCannotDoIsSaidAndNotClaimed() {
        AlertBoard board = new AlertBoard(AlertRule.defaults(), Set.of(), BEGUN);
        AlertEvaluator evaluator = evaluator(board);
        values.clear();
        pass(evaluator, Duration.ofSeconds(301));
        assertThat(board.reports()).allSatisfy(report -> {
            assertThat(report.firing()).isTrue();
            assertThat(report.actionTaken()).isFalse();
        });
        assertThat(board.reports().getFirst().why()).isEqualTo("this node has no replica");
        assertThat(board.reports().getLast().why()).contains("cannot add a consumer");
        assertThat(preferred).containsOnly(RoutingPreference.NONE);
    }

    @Test
    void aMessageSaysTheRuleAndTheState() throws IOException {
        AlertBoard board = new AlertBoard(AlertRule.defaults(), ALL, BEGUN);
        values.clear();
        pass(evaluator(board), Duration.ofSeconds(301));
        JsonNode message = new ObjectMapper()
                .readTree(Webhooks.message(
                        "id-1", "http://127.0.0.1:8080", board.reports().getLast()));
        assertThat(message).hasToString("""
                {"id":"id-1","event":"firing","at":"2026-01-01T00:03:01Z","node":"http://127.0.0.1:8080",\
                "alert":{"name":"capture_backlog","state":"firing","metric":"capture_backlog_events","value":null,\
                "threshold":50000,"for_s":180,"resolve_threshold":40000,"resolve_for_s":30,\
                "since":"2026-01-01T00:00:01Z","changed_at":"2026-01-01T00:03:01Z","action":"more_consumers",\
                "action_taken":false,"why":"%s"}}""".formatted(AlertAction.MORE_CONSUMERS.sentence()));
    }

    @Test
    void theThreadSurvivesFailuresAndEndsWhenClosed() {
        AtomicInteger looks = new AtomicInteger();
        List<RoutingPreference> last = new ArrayList<>();
        AlertBoard board = new AlertBoard(AlertRule.defaults(), ALL, BEGUN);
        values.clear();
        board.observe(this::value, 0, BEGUN);
        board.observe(this::value, Duration.ofMinutes(5).toNanos(), BEGUN);
        AlertEvaluator evaluator = new AlertEvaluator(
                board,
                this::value,
                preference -> {
                    last.add(preference);
                    if (looks.incrementAndGet() < 5) {
                        throw new IllegalStateException("a router that fails");
                    }
                },
                List.of(),
                Duration.ofMillis(1),
                System::nanoTime,
                Instant::now);
        evaluator.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> looks.get() > 10);
        evaluator.close();
        assertThat(last.get(last.size() - 2)).isEqualTo(new RoutingPreference(true, true));
        assertThat(last.getLast()).isEqualTo(RoutingPreference.NONE);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("atlas-alerts");
    }
}
