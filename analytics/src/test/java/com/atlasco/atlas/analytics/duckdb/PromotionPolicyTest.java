package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.analytics.duckdb.PromotionPolicy.Benefit;
import com.atlasco.atlas.analytics.duckdb.PromotionPolicy.Decision;
import com.atlasco.atlas.model.DataType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PromotionPolicyTest {

    private static final PromotionSettings SETTINGS =
            new PromotionSettings(2, 3, 5, 1, Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofMinutes(1));
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final PromotionPolicy policy = new PromotionPolicy(SETTINGS);
    private Slots slots = Slots.NONE;
    private long now;

    /** Decides after a minute and carries out what was decided, as if columns were filled and emptied at once. */
    private List<Decision> decide(Map<AttributeKey, Double> seconds) {
        now += MINUTE;
        Map<AttributeKey, Benefit> benefits = new HashMap<>();
        seconds.forEach((attribute, saved) -> benefits.put(
                attribute,
                new Benefit(attribute, type(attribute), saved, Math.round(1e9 / PromotionSettings.NANOS_PER_ENTITY))));
        List<Decision> decisions = policy.decide(slots, benefits, now);
        for (Decision decision : decisions) {
            switch (decision) {
                case Decision.Promote(AttributeKey attribute, Slot slot, String _) -> {
                    assertThat(slots.find(attribute)).isEmpty();
                    slots = slots.columns().contains(slot) ? slots : slots.withColumn(slot);
                    slots = slots.with(promotion(attribute, slot, Promotion.By.AUTOMATIC));
                }
                case Decision.Demote(AttributeKey _, Promotion given, String _) -> {
                    slots = slots.leaving(given);
                    slots = slots.without(slots.leaving().getFirst());
                }
            }
        }
        return decisions;
    }

    private static Promotion promotion(AttributeKey attribute, Slot slot, Promotion.By by) {
        return new Promotion(attribute, slot, by, Promotion.Stage.WHOLE, Instant.EPOCH);
    }

    private static AttributeKey key(int attribute) {
        return new AttributeKey(1, attribute);
    }

    /** Numbers and texts in turn. */
    private static DataType type(AttributeKey attribute) {
        return attribute.attributeId() % 2 == 0 ? DataType.TEXT : DataType.NUMBER;
    }

    @Test
    void anAttributeIsPromotedFromTheThresholdOn() {
        assertThat(decide(Map.of(key(1), 4.9))).isEmpty();
        List<Decision> decisions = decide(Map.of(key(1), 5.1));
        assertThat(decisions).singleElement().isInstanceOf(Decision.Promote.class);
        assertThat(decisions.getFirst().reason())
                .contains("5.1 queries an hour")
                .contains("5.10 s saved an hour");
        assertThat(decide(Map.of(key(1), 5.1))).isEmpty();
    }

    @Test
    void itIsDemotedOnlyWhenItHasBeenOfLittleUseForLong() {
        decide(Map.of(key(1), 6.0));
        // Between the thresholds it stays, however long.
        for (int minute = 0; minute < 60; minute++) {
            assertThat(decide(Map.of(key(1), 1.5))).isEmpty();
        }
        for (int minute = 0; minute < 10; minute++) {
            assertThat(decide(Map.of(key(1), 0.5))).isEmpty();
        }
        // Used again, it begins anew.
        assertThat(decide(Map.of(key(1), 1.5))).isEmpty();
        for (int minute = 0; minute < 10; minute++) {
            assertThat(decide(Map.of())).isEmpty();
        }
        assertThat(decide(Map.of())).singleElement().isInstanceOf(Decision.Demote.class);
        assertThat(slots.held()).isEmpty();
    }

    @Test
    void oneGivesWayOnlyToAnotherThatIsTwiceAsUseful() {
        decide(Map.of(key(1), 6.0, key(2), 8.0));
        assertThat(slots.held()).containsOnlyKeys(key(1), key(2));
        assertThat(decide(Map.of(key(1), 6.0, key(2), 8.0, key(3), 11.9))).isEmpty();
        List<Decision> decisions = decide(Map.of(key(1), 6.0, key(2), 8.0, key(3), 12.1));
        assertThat(decisions).hasSize(2);
        assertThat(decisions.get(0).attribute()).isEqualTo(key(1));
        assertThat(decisions.get(0).reason()).contains("gives way to attribute 3");
        assertThat(slots.held()).containsOnlyKeys(key(2), key(3));
    }

    @Test
    void whatTheRegistryAsksForIsNeverTouchedAndCountsAmongTheColumns() {
        for (int number = 1; number <= 3; number++) {
            Slot slot = new Slot(DataType.NUMBER, number);
            slots = slots.withColumn(slot).with(promotion(key(10 + 2 * number), slot, Promotion.By.REGISTRY));
        }
        for (int minute = 0; minute < 30; minute++) {
            assertThat(decide(Map.of(key(1), 100.0))).isEmpty();
        }
        assertThat(slots.held()).hasSize(3);
        // Another tenant has those columns for its own.
        assertThat(decide(Map.of(new AttributeKey(2, 1), 100.0))).hasSize(1);
    }

    @Test
    void whereNoneMayBePromotedNoneStays() {
        decide(Map.of(key(1), 100.0));
        PromotionPolicy off = new PromotionPolicy(
                new PromotionSettings(0, 3, 5, 1, Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofMinutes(1)));
        assertThat(off.decide(slots, Map.of(), now)).singleElement().isInstanceOf(Decision.Demote.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void limitsHoldAndNothingSwingsUnderRandomMixes(long seed) {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Map<AttributeKey, Double> mix = new HashMap<>();
        List<Decision> all = new ArrayList<>();
        for (int minute = 0; minute < 500; minute++) {
            if (minute % 50 == 0) {
                mix.clear();
                for (int i = 0; i < 8; i++) {
                    mix.put(new AttributeKey(1 + random.nextInt(2), 1 + random.nextInt(8)), random.nextDouble() * 30);
                }
            }
            // A tenth more or less is no news.
            Map<AttributeKey, Double> seen = new HashMap<>();
            mix.forEach((attribute, seconds) -> seen.put(attribute, seconds * (0.9 + random.nextDouble() / 5)));
            List<Decision> decisions = decide(seen);
            all.addAll(decisions);
            if (minute % 50 > 25) {
                assertThat(decisions).isEmpty();
            }
            assertThat(slots.columns()).hasSizeLessThanOrEqualTo(3);
            for (long tenant = 1; tenant <= 2; tenant++) {
                long of = tenant;
                assertThat(slots.held().keySet().stream().filter(key -> key.tenantId() == of))
                        .hasSizeLessThanOrEqualTo(2);
            }
        }
        assertThat(all).isNotEmpty();
    }
}
