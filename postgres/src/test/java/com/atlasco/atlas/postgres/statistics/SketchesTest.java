package com.atlasco.atlas.postgres.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.atlasco.atlas.postgres.statistics.AttributeStatistics.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How near the estimates come. Another seed: {@code -Dseed=…}. */
class SketchesTest {

    private static final long SEED = Long.getLong("seed", 7L);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static <K> List<K> values(int count, Function<Random, K> value) {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        return IntStream.range(0, count).mapToObj(i -> value.apply(random)).toList();
    }

    /** Statistics of every so many-th value, which stands for all. */
    private static <K> AttributeStatistics sampled(Axis<K> axis, List<K> values, int step) {
        List<K> sample = new ArrayList<>();
        for (int i = 0; i < values.size(); i += step) {
            sample.add(values.get(i));
        }
        return new TrackedColumn<>(axis, new SampleReader.Sample<>(sample, values.size()), 0, MINUTE, new Random(SEED))
                .current();
    }

    private static <K> double count(List<K> values, Predicate<K> condition) {
        return values.stream().filter(condition).count();
    }

    @Test
    void rangesOfASkewedNumberAreWithinHalfAPercentOfAllRows() {
        List<Double> values = values(200_000, random -> Math.exp(3 * random.nextGaussian()));
        AttributeStatistics statistics = sampled(Axis.NUMBERS, values, 2);
        for (double low : new double[] {0.001, 0.1, 1, 10, 1_000}) {
            double high = low * 5;
            assertThat(statistics.between(Optional.of(new End(low, true)), Optional.of(new End(high, false))))
                    .as("from %s to %s", low, high)
                    .isCloseTo(count(values, value -> value >= low && value < high), within(0.01 * values.size()));
        }
        assertThat(statistics.between(Optional.empty(), Optional.empty())).isEqualTo(200_000);
    }

    @Test
    void frequentValuesAreKnownOneByOneAndTheOthersShareTheRest() {
        List<String> values =
                values(100_000, random -> random.nextInt(10) < 6 ? "active" : "code-" + random.nextInt(20_000));
        AttributeStatistics statistics = sampled(Axis.TEXT, values, 1);
        assertThat(statistics.equal("active")).isCloseTo(count(values, "active"::equals), within(2_000.0));
        assertThat(statistics.equal("code-17")).isBetween(0.5, 20.0);
        assertThat(statistics.frequent(1))
                .extracting(AttributeStatistics.Frequent::key)
                .containsExactly("active");
        assertThat(statistics.distinct())
                .isCloseTo((double) values.stream().distinct().count(), within(600.0));
    }

    @Test
    void aValueThatIsNotAmongAFewIsTakenToBeMissing() {
        AttributeStatistics statistics = sampled(Axis.TEXT, values(50_000, random -> "s" + random.nextInt(5)), 1);
        assertThat(statistics.equal("s3")).isCloseTo(10_000, within(400.0));
        assertThat(statistics.equal("s9")).isZero();
    }

    @Test
    void distinctValuesOfTheWholeAreEstimatedFromASample() {
        List<Double> unique = values(100_000, Random::nextDouble);
        assertThat(sampled(Axis.NUMBERS, unique, 10).distinct()).isCloseTo(100_000, within(15_000.0));
        List<Double> few = values(100_000, random -> (double) random.nextInt(1_000));
        assertThat(sampled(Axis.NUMBERS, few, 10).distinct()).isCloseTo(1_000, within(50.0));
        assertThat(sampled(Axis.NUMBERS, unique, 10).equal(0.123456)).isBetween(0.5, 3.0);
    }

    @Test
    void textLiesInTheOrderOfCodePoints() {
        // In UTF-16 the emoji would come before the last of these.
        List<String> values = List.of("a", "\uFFFD", "\uD83D\uDE00", "z");
        AttributeStatistics statistics = sampled(Axis.TEXT, values, 1);
        assertThat(statistics.quantiles(0, 1)).containsExactly("a", "\uD83D\uDE00");
        assertThat(statistics.between(Optional.of(new End("\uFFFD", false)), Optional.empty()))
                .isEqualTo(1);
    }

    @Test
    void changesAreFollowedUntilAFifthHasChanged() {
        TrackedColumn<Double> column = new TrackedColumn<>(
                Axis.NUMBERS,
                new SampleReader.Sample<>(values(10_000, Random::nextDouble), 10_000),
                0,
                MINUTE,
                new Random(SEED));
        for (int i = 0; i < 2_000; i++) {
            column.learn(5.0, true);
        }
        assertThat(column.isDue()).isFalse();
        assertThat(column.current().rows()).isCloseTo(12_000, within(130.0));
        assertThat(column.current().equal(5.0)).isCloseTo(2_000, within(150.0));
        column.learn(5.0, true);
        assertThat(column.isDue()).isTrue();
    }

    @Test
    void columnsAreAlikeThatHaveAboutAsManyRowsAndValues() {
        TrackedColumn<Double> before = column(10_000, 100);
        assertThat(column(10_300, 104).isLike(before)).isTrue();
        assertThat(column(11_000, 100).isLike(before)).isFalse();
        assertThat(column(9_000, 100).isLike(before)).isFalse();
        assertThat(column(10_000, 120).isLike(before)).isFalse();
        assertThat(column(10_000, 2).isLike(column(10_000, 2))).isTrue();
        assertThat(column(900, 2).isLike(column(900, 2))).isFalse();
        List<Double> turned = new ArrayList<>(Collections.nCopies(9_000, 1.0));
        turned.addAll(Collections.nCopies(1_000, 0.0));
        TrackedColumn<Double> ones = column(turned);
        Collections.replaceAll(turned, 1.0, 2.0);
        assertThat(ones.isLike(column(turned))).isFalse();
    }

    private static TrackedColumn<Double> column(int rows, int distinct) {
        return column(
                IntStream.range(0, rows).mapToObj(i -> (double) (i % distinct)).toList());
    }

    private static TrackedColumn<Double> column(List<Double> values) {
        return new TrackedColumn<>(
                Axis.NUMBERS, new SampleReader.Sample<>(values, values.size()), 0, MINUTE, new Random(SEED));
    }

    @Test
    void anAttributeWithoutValuesHasNone() {
        AttributeStatistics statistics = sampled(Axis.NUMBERS, List.of(), 1);
        assertThat(statistics.rows()).isZero();
        assertThat(statistics.equal(1.0)).isZero();
        assertThat(statistics.between(Optional.empty(), Optional.of(new End(1.0, true))))
                .isZero();
    }
}
