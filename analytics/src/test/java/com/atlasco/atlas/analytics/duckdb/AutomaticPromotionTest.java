package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeBatch;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.analytics.change.Watermark;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.Position;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AutomaticPromotionTest {

    private static final TenantId TENANT = new TenantId(1);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int ENTITIES = 1_000;

    // Sixty queries over 1,000 entities: some 8 ms saved an hour.
    private static final PromotionSettings SETTINGS = new PromotionSettings(
            2, 10, 0.002, 0.0005, Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofMinutes(1));

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private DuckDbStore store;
    private long lsn;

    @BeforeEach
    void open() {
        open(SETTINGS);
    }

    private void open(PromotionSettings promotion) {
        store = DuckDbStore.open(
                DuckDbSettings.of(directory.resolve("analytics.duckdb")).withPromotion(promotion),
                () -> NOON.plusNanos(nanos.get()),
                nanos::get);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static AttributeType type(int id, boolean hot) {
        return new AttributeType(
                id,
                "a" + id,
                id % 2 == 0 ? DataType.TEXT : DataType.NUMBER,
                false,
                hot,
                Optional.empty(),
                Optional.empty());
    }

    private Change typed(int id, boolean hot) {
        return new Change.AttributeTypeUpserted(TENANT, type(id, hot), new ChangeOrder(new Lsn(++lsn), 0));
    }

    private Change entity(long id, int value) {
        return new Change.EntityUpserted(
                TENANT,
                id,
                "t",
                1,
                Optional.of(Document.of(Map.of(
                        1,
                        new Value.NumberValue(value % 7),
                        2,
                        new Value.TextValue("v" + value % 5),
                        3,
                        new Value.NumberValue(value)))),
                Set.of(1, 2, 3),
                NOON,
                NOON,
                new ChangeOrder(new Lsn(++lsn), 0));
    }

    private void apply(List<Change> changes) {
        lsn++;
        store.apply(new ChangeBatch(
                changes,
                new Watermark(
                        new Position(1, 1, new Lsn(lsn)),
                        Optional.of(new ChangeOrder(new Lsn(lsn), 0)),
                        List.of(),
                        "",
                        true)));
    }

    private void fill() {
        List<Change> changes = new ArrayList<>(List.of(typed(1, false), typed(2, false), typed(3, false)));
        for (int id = 1; id <= ENTITIES; id++) {
            changes.add(entity(id, id));
        }
        apply(changes);
    }

    private AggregateResult groups(int attribute) {
        return store.aggregate(
                TENANT,
                new AggregateQuery(
                        Filter.ALL,
                        List.of(new GroupKey.ByValue(new Property.Attribute(type(attribute, false)))),
                        List.of(new Metric(Metric.Operation.COUNT, Optional.empty())),
                        List.of(),
                        100));
    }

    /** A minute goes by; what was put behind the batch is done before the next one is. */
    private void minute() {
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        for (int i = 0; i < 5; i++) {
            apply(List.of());
        }
    }

    private void ask(int attribute) {
        AggregateResult before = groups(attribute);
        for (int i = 1; i < 60; i++) {
            assertThat(groups(attribute)).isEqualTo(before);
        }
    }

    private List<String> promoted() {
        return store.promotions().promoted().stream()
                .map(one -> one.name()
                        + (one.automatic() ? " automatic" : " registry")
                        + (one.complete() ? "" : " building"))
                .toList();
    }

    @Test
    void whatQueriesLookAtIsPromotedAndAnswersStayTheSame() {
        fill();
        AggregateResult before = groups(1);
        ask(1);
        assertThat(promoted()).isEmpty();
        minute();
        assertThat(promoted()).containsExactly("a1 automatic");
        assertThat(groups(1)).isEqualTo(before);
        PromotionReport.Decision decision = store.promotions().decisions().getFirst();
        assertThat(decision.promoted()).isTrue();
        assertThat(decision.reason()).contains("over 1,000 entities");
        assertThat(decision.at()).isEqualTo(NOON.plusSeconds(60));

        List<Change> news = new ArrayList<>();
        for (int id = 1; id <= ENTITIES; id += 3) {
            news.add(entity(id, id + 1));
        }
        apply(news);
        assertThat(groups(1)).isNotEqualTo(before);
        AggregateResult after = groups(1);
        // No query for a day, and a few minutes: the column goes, and the answer stays.
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        for (int i = 0; i < 7; i++) {
            minute();
        }
        assertThat(promoted()).isEmpty();
        assertThat(store.promotions().decisions().getFirst().promoted()).isFalse();
        assertThat(groups(1)).isEqualTo(after);
    }

    @Test
    void whatWasPromotedSurvivesARestartButNotAReset() {
        fill();
        ask(1);
        minute();
        List<PromotionReport.Promoted> before = store.promotions().promoted();
        assertThat(promoted()).containsExactly("a1 automatic");
        store.close();
        open();
        apply(List.of());
        assertThat(store.promotions().promoted()).isEqualTo(before);
        store.reset();
        fill();
        assertThat(promoted()).isEmpty();
        ask(1);
        minute();
        assertThat(promoted()).containsExactly("a1 automatic");
    }

    @Test
    void theRegistrysWishStandsAboveTheStores() {
        fill();
        ask(1);
        ask(2);
        minute();
        assertThat(promoted()).containsExactly("a1 automatic", "a2 automatic");
        // A change of the type that says nothing of it leaves it; one that asks for it makes it the registry's.
        apply(List.of(typed(1, false), typed(2, true), typed(3, true)));
        minute();
        assertThat(promoted()).containsExactly("a1 automatic", "a2 registry", "a3 registry");
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        for (int i = 0; i < 7; i++) {
            minute();
        }
        assertThat(promoted()).containsExactly("a2 registry", "a3 registry");
        AggregateResult texts = groups(2);
        apply(List.of(typed(2, false)));
        minute();
        assertThat(promoted()).containsExactly("a3 registry");
        assertThat(groups(2)).isEqualTo(texts);
    }

    @Test
    void aSlotThatWasGivenUpHoldsNothingForTheNextOne() {
        fill();
        AggregateResult third = groups(3);
        apply(List.of(typed(1, true)));
        minute();
        apply(List.of(typed(1, false)));
        apply(List.of(typed(3, true)));
        for (int i = 0; i < 3; i++) {
            minute();
            assertThat(groups(3)).isEqualTo(third);
        }
        assertThat(promoted()).containsExactly("a3 registry");
    }

    @Test
    void whereItIsOffNothingIsPromoted() {
        store.close();
        open(PromotionSettings.upTo(0));
        fill();
        ask(1);
        minute();
        assertThat(promoted()).isEmpty();
    }
}
