package com.atlasco.atlas.analytics.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import com.atlasco.atlas.query.history.HistoryQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HistoryRetentionTest {

    private static final TenantId TENANT = new TenantId(1);
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration RETENTION = Duration.ofHours(10);
    private static final int ENTITIES = 12;

    @TempDir
    private Path directory;

    private final Map<Long, Map<Integer, Value>> documents = new HashMap<>();
    private final List<DuckDbStore> stores = new ArrayList<>();
    private Instant now = START;
    private long lsn;

    private DuckDbStore open(String name, Duration retention) {
        DuckDbStore store = DuckDbStore.open(
                DuckDbSettings.of(directory.resolve(name))
                        .withRetention(retention)
                        .withPromotion(PromotionSettings.upTo(0)),
                () -> now,
                () -> Duration.between(START, now).toNanos());
        stores.add(store);
        return store;
    }

    @AfterEach
    void close() {
        stores.forEach(DuckDbStore::close);
    }

    private ChangeBatch batch(List<Change> changes) {
        lsn++;
        return new ChangeBatch(
                changes,
                new Watermark(
                        new Position(1, 1, new Lsn(lsn)),
                        Optional.of(new ChangeOrder(new Lsn(lsn), 0)),
                        List.of(),
                        "",
                        true));
    }

    /** Sets, changes and removes attributes, deletes and creates again; some commits a little out of the order of time. */
    private List<Change> changes(Random random) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long id = 1L + random.nextInt(ENTITIES);
            Instant at = now.minus(random.nextInt(3), ChronoUnit.MICROS);
            ChangeOrder order = new ChangeOrder(new Lsn(++lsn), random.nextInt(3));
            if (documents.containsKey(id) && random.nextInt(6) == 0) {
                documents.remove(id);
                changes.add(new Change.EntityDeleted(TENANT, id, at, order));
                continue;
            }
            Map<Integer, Value> document = documents.computeIfAbsent(id, _ -> new HashMap<>());
            int attribute = 1 + random.nextInt(3);
            Set<Integer> changed = Set.of(attribute);
            if (random.nextInt(5) == 0) {
                document.remove(attribute);
            } else if (random.nextInt(7) == 0) {
                changed = Set.of();
            } else {
                document.put(attribute, new Value.NumberValue(random.nextInt(4)));
            }
            changes.add(new Change.EntityUpserted(
                    TENANT, id, "t", lsn, Optional.of(Document.of(document)), changed, at, at, order));
        }
        return changes;
    }

    private static AggregateResult groups(DuckDbStore store, Instant asOf) {
        Property first = new Property.Attribute(
                new AttributeType(1, "a", DataType.NUMBER, false, false, Optional.empty(), Optional.empty()));
        return store.aggregate(
                TENANT,
                new AggregateQuery(
                        Filter.ALL,
                        List.of(new GroupKey.ByValue(first)),
                        List.of(new Metric(Metric.Operation.COUNT, Optional.empty())),
                        List.of(),
                        100),
                asOf);
    }

    private long rows(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + directory.resolve(name));
                ResultSet row = connection.createStatement().executeQuery("SELECT count(*) FROM history")) {
            row.next();
            return row.getLong(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void allStatesWithinTheRetentionStayAsTheyWere(long seed) throws SQLException {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        DuckDbStore whole = open("whole", Duration.ZERO);
        DuckDbStore bounded = open("bounded", RETENTION);
        List<Instant> instants = new ArrayList<>();
        for (int hour = 0; hour < 30; hour++) {
            now = START.plus(Duration.ofHours(hour));
            ChangeBatch batch = batch(changes(random));
            whole.apply(batch);
            bounded.apply(batch);
            instants.add(now);
        }
        ChangeBatch last = batch(List.of());
        for (DuckDbStore store : List.of(whole, bounded)) {
            for (int i = 0; i < 4; i++) {
                store.apply(last);
            }
        }
        Instant limit = now.minus(RETENTION);
        int compared = 0;
        for (Instant instant : instants) {
            if (instant.isBefore(limit)) {
                assertThatThrownBy(() -> groups(bounded, instant)).hasMessageContaining("the history begins at");
                continue;
            }
            compared++;
            assertThat(groups(bounded, instant)).as("at %s", instant).isEqualTo(groups(whole, instant));
            for (long id = 1; id <= ENTITIES; id++) {
                assertThat(bounded.get(TENANT, id, instant))
                        .as("%d at %s", id, instant)
                        .isEqualTo(whole.get(TENANT, id, instant));
            }
        }
        assertThat(compared).isEqualTo(11);
        whole.close();
        bounded.close();
        assertThat(rows("bounded")).isBetween(1L, rows("whole") * 2 / 3);
    }

    @Test
    void ofAnEntityThatWasDeletedLongAgoNothingIsKept() throws SQLException {
        DuckDbStore bounded = open("bounded", RETENTION);
        ChangeOrder first = new ChangeOrder(new Lsn(++lsn), 0);
        bounded.apply(batch(List.of(
                new Change.EntityUpserted(
                        TENANT,
                        1,
                        "t",
                        1,
                        Optional.of(Document.of(Map.of(1, new Value.NumberValue(1)))),
                        Set.of(1),
                        now,
                        now,
                        first),
                new Change.EntityDeleted(TENANT, 1, now, new ChangeOrder(new Lsn(++lsn), 0)))));
        now = now.plus(RETENTION).plusSeconds(1);
        for (int i = 0; i < 4; i++) {
            bounded.apply(batch(List.of()));
        }
        assertThat(bounded.history(
                                TENANT,
                                new HistoryQuery(
                                        1,
                                        OptionalInt.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        10,
                                        Optional.empty()))
                        .entries())
                .isEmpty();
        bounded.close();
        assertThat(rows("bounded")).isZero();
    }

    @Test
    void whatOneStepDoesNotLookAtTheNextOneDoes() throws SQLException {
        // A file as the store leaves it, and steps of a few rows.
        Random random = new Random(1);
        DuckDbStore store = open("steps", Duration.ZERO);
        for (int hour = 0; hour < 30; hour++) {
            now = START.plus(Duration.ofHours(hour));
            store.apply(batch(changes(random)));
        }
        store.close();
        long before = rows("steps");
        try (DuckDBConnection connection = DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("steps"))
                .unwrap(DuckDBConnection.class)) {
            BatchWriter writer = new BatchWriter(connection, true, new KnownColumns(), () -> now);
            writer.open();
            HistoryRetention retention = new HistoryRetention(
                    connection,
                    writer,
                    RETENTION,
                    20,
                    () -> now,
                    () -> Duration.between(START, now).toNanos());
            int steps = 0;
            while (retention.isDue()) {
                retention.step();
                steps++;
            }
            assertThat(steps).isGreaterThan(4);
        }
        assertThat(rows("steps")).isLessThan(before * 2 / 3);
        DuckDbStore again = open("steps", RETENTION);
        assertThat(groups(again, now).groups()).isNotEmpty();
    }
}
