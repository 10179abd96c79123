package com.atlasco.atlas.server.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.server.alert.AlertPhase.Firing;
import com.atlasco.atlas.server.alert.AlertPhase.Ok;
import com.atlasco.atlas.server.alert.AlertPhase.Pending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertPhaseTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final AlertRule RULE = rule(100, 10, 80, 5);

    private static AlertRule rule(double threshold, int hold, double resolve, int resolveHold) {
        return new AlertRule(
                "lag",
                AlertMetric.REPLICA_LAG_MS,
                threshold,
                Duration.ofSeconds(hold),
                resolve,
                Duration.ofSeconds(resolveHold),
                AlertAction.INTERACTIVE_TO_PRIMARY);
    }

    @Test
    void itFiresWhenTheValueHasBeenAboveForLongEnough() {
        AlertPhase phase = AlertPhase.next(RULE, new Ok(), OptionalDouble.of(100), 0);
        assertThat(phase).as("at the threshold").isEqualTo(new Ok());
        phase = AlertPhase.next(RULE, phase, OptionalDouble.of(101), SECOND);
        assertThat(phase).isEqualTo(new Pending(SECOND));
        phase = AlertPhase.next(RULE, phase, OptionalDouble.of(101), 11 * SECOND - 1);
        assertThat(phase).isEqualTo(new Pending(SECOND));
        phase = AlertPhase.next(RULE, phase, OptionalDouble.of(101), 11 * SECOND);
        assertThat(phase).isEqualTo(new Firing(SECOND, OptionalLong.empty()));
    }

    @Test
    void oneValueBelowBeginsTheTimeAnew() {
        AlertPhase phase = AlertPhase.next(RULE, new Pending(0), OptionalDouble.of(99), 9 * SECOND);
        assertThat(phase).isEqualTo(new Ok());
        phase = AlertPhase.next(RULE, phase, OptionalDouble.of(200), 10 * SECOND);
        assertThat(phase).isEqualTo(new Pending(10 * SECOND));
    }

    @Test
    void whatIsNotKnownIsAboveTheThresholdAndResolvesNothing() {
        AlertPhase phase = AlertPhase.next(RULE, new Ok(), OptionalDouble.empty(), 0);
        phase = AlertPhase.next(RULE, phase, OptionalDouble.empty(), 10 * SECOND);
        assertThat(phase).isEqualTo(new Firing(0, OptionalLong.empty()));
        phase = AlertPhase.next(RULE, phase, OptionalDouble.of(0), 11 * SECOND);
        phase = AlertPhase.next(RULE, phase, OptionalDouble.empty(), 16 * SECOND);
        assertThat(phase).isEqualTo(new Firing(0, OptionalLong.empty()));
        assertThat(AlertPhase.next(RULE, new Ok(), OptionalDouble.of(Double.NaN), 0))
                .isEqualTo(new Pending(0));
    }

    @Test
    void betweenTheThresholdsNothingIsResolved() {
        AlertPhase firing = new Firing(0, OptionalLong.empty());
        AlertPhase phase = AlertPhase.next(RULE, firing, OptionalDouble.of(80), 20 * SECOND);
        assertThat(phase).isEqualTo(new Firing(0, OptionalLong.of(20 * SECOND)));
        assertThat(AlertPhase.next(RULE, phase, OptionalDouble.of(81), 25 * SECOND))
                .isEqualTo(firing);
        assertThat(AlertPhase.next(RULE, phase, OptionalDouble.of(80), 25 * SECOND))
                .isEqualTo(new Ok());
    }

    /** The rule as its sentence says it, over everything seen so far. */
    private static boolean naive(AlertRule rule, List<OptionalDouble> seen, List<Long> at, boolean firing) {
        int last = seen.size() - 1;
        long hold = (firing ? rule.resolveHold() : rule.hold()).toNanos();
        for (int i = last; i >= 0; i--) {
            OptionalDouble value = seen.get(i);
            boolean holds = firing
                    ? value.isPresent() && value.getAsDouble() <= rule.resolveThreshold()
                    : value.isEmpty() || value.getAsDouble() > rule.threshold();
            if (!holds) {
                return firing;
            }
            if (at.get(last) - at.get(i) >= hold) {
                return !firing;
            }
        }
        return firing;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void itAgreesWithTheSentenceOfTheRule(long seed) {
        Random random = new Random(seed);
        int fired = 0;
        for (int round = 0; round < 50; round++) {
            AlertRule rule = rule(100, 1 + random.nextInt(8), 40 + random.nextInt(60), 1 + random.nextInt(8));
            // The monotonic clock may be anywhere, and overflow.
            long now = round % 2 == 0 ? Long.MAX_VALUE - 60 * SECOND : random.nextLong();
            List<OptionalDouble> seen = new ArrayList<>();
            List<Long> at = new ArrayList<>();
            boolean firing = false;
            AlertPhase phase = new Ok();
            double level = 50;
            for (int i = 0; i < 300; i++) {
                now += SECOND / 2 + random.nextLong(SECOND);
                if (random.nextInt(8) == 0) {
                    level = random.nextDouble() * 200;
                }
                OptionalDouble value = random.nextInt(30) == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(level + random.nextDouble() * 10);
                seen.add(value);
                at.add(now);
                boolean expected = naive(rule, seen, at, firing);
                if (expected != firing) {
                    fired += expected ? 1 : 0;
                    // Each wait begins with what was seen after the last change.
                    firing = expected;
                    seen.clear();
                    at.clear();
                }
                phase = AlertPhase.next(rule, phase, value, now);
                assertThat(phase.isFiring())
                        .as("seed %d, round %d, step %d", seed, round, i)
                        .isEqualTo(firing);
            }
        }
        assertThat(fired).as("the seed shows something").isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 77, 777, 7_777})
    void aValueThatOscillatesAroundTheThresholdDoesNotFlap(long seed) {
        Random random = new Random(seed);
        AlertRule rule = new AlertRule(
                "lag", AlertMetric.REPLICA_LAG_MS, 100, Duration.ofSeconds(1), AlertAction.INTERACTIVE_TO_PRIMARY);
        AlertPhase phase = new Ok();
        int changes = 0;
        int minutes = 60;
        for (int second = 0; second < 60 * minutes; second++) {
            // Four seconds above, four below both thresholds, and noise.
            double value = (second / 4 % 2 == 0 ? 110 : 75) + random.nextDouble() * 5;
            AlertPhase next = AlertPhase.next(rule, phase, OptionalDouble.of(value), second * SECOND);
            changes += next.isFiring() == phase.isFiring() ? 0 : 1;
            phase = next;
        }
        assertThat(changes).isEqualTo(1);
        assertThat(phase.isFiring()).isTrue();
    }

    @Test
    void theWorstThatAValueCanDoIsFourChangesAMinute() {
        AlertRule rule = new AlertRule(
                "lag", AlertMetric.REPLICA_LAG_MS, 100, Duration.ofSeconds(1), AlertAction.INTERACTIVE_TO_PRIMARY);
        AlertPhase phase = new Ok();
        int changes = 0;
        for (int second = 0; second < 600; second++) {
            // Whatever makes it change soonest.
            OptionalDouble value = OptionalDouble.of(phase.isFiring() ? 0 : 200);
            AlertPhase next = AlertPhase.next(rule, phase, value, second * SECOND);
            changes += next.isFiring() == phase.isFiring() ? 0 : 1;
            phase = next;
        }
        assertThat(changes).isBetween(20, 40);
    }
}
