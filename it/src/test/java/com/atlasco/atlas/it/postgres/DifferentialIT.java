package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.read.PostgresSource;
import com.atlasco.atlas.postgres.statistics.Column;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.query.Cursor;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateResult;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.interpret.InMemoryReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PostgreSQL answers as the interpreter does. Another seed: {@code -Datlas.seed=…}. */
@ExtendWith(TestCluster.class)
class DifferentialIT {

    private static final long SEED = Long.getLong("atlas.seed", 20260101L);
    private static final int ENTITIES = 6_000;
    private static final int QUERIES = 400;

    private static Store store;
    private static TenantId tenant;
    private static RandomData data;
    private static InMemoryReader oracle;
    private static Random random;
    private static StatisticsCatalog statistics;
    /** Plans by statistics, and takes any of the plans there are. */
    private static PostgresSource planned;

    @BeforeAll
    static void writeData(TestDatabase database) {
        System.out.println("seed " + SEED);
        random = new Random(SEED);
        store = Store.open(database);
        tenant = store.newTenant();
        data = new RandomData(random, store, tenant);
        TenantId neighbour = store.newTenant();
        RandomData others = new RandomData(random, store, neighbour);
        write(tenant, data, ENTITIES);
        write(neighbour, others, 500);
        // Some have a second or third version.
        List<EntityWrite> again = new ArrayList<>();
        for (int i = 0; i < ENTITIES / 3; i++) {
            again.add(new EntityWrite.Replace(1 + random.nextInt(ENTITIES), "place", data.document()));
        }
        store.writer().write(tenant, again);
        List<Entity> entities = new ArrayList<>();
        Optional<Cursor> after = Optional.empty();
        do {
            EntityPage page = store.source().find(tenant, new EntityQuery(Filter.ALL, List.of(), 1_000, after));
            entities.addAll(page.entities());
            after = page.next();
        } while (after.isPresent());
        assertThat(entities).hasSize(ENTITIES).extracting(Entity::entityId).isSorted();
        oracle = new InMemoryReader(Map.of(tenant, entities));
        Random choices = new Random(SEED);
        statistics = StatisticsCatalog.open(
                Store.settings(database.jdbcUrl(), 1),
                StatisticsCatalog.DEFAULT_BYTES,
                StatisticsCatalog.FOLLOWING,
                System::nanoTime,
                choices);
        planned = PostgresSource.choosing(Store.settings(database.jdbcUrl(), 2), statistics, choices::nextInt);
        statistics.rebuild(tenant, List.of(Column.Intrinsic.values()));
        statistics.rebuild(
                tenant,
                store.registry().snapshot(tenant).types().stream()
                        .filter(type -> type.indexed() && type.dataType() != DataType.JSON)
                        .map(type -> new Column.Attribute(type.attributeId(), type.dataType()))
                        .toList());
    }

    @AfterAll
    static void close() {
        planned.close();
        statistics.close();
        store.close();
    }

    private static void write(TenantId owner, RandomData content, int count) {
        List<EntityWrite> writes = new ArrayList<>();
        for (long id = 1; id <= count; id++) {
            Document document = content.document();
            String type = RandomData.TYPES.get((int) (Math.pow(random.nextDouble(), 3) * 3));
            writes.add(new EntityWrite.Create(Optional.of(id), type, document));
            if (writes.size() == 1_000 || id == count) {
                store.writer().write(owner, writes);
                writes.clear();
            }
        }
    }

    private static List<SortKey> sort() {
        return data.sort();
    }

    @Test
    void pagesAreThoseOfTheInterpreter() {
        for (int i = 0; i < QUERIES; i++) {
            Filter filter = random.nextInt(10) == 0 ? Filter.ALL : data.filter(random.nextInt(3));
            EntityQuery query =
                    new EntityQuery(filter, sort(), List.of(1, 7, 100, 5_000).get(random.nextInt(4)), Optional.empty());
            EntityPage expected = oracle.find(tenant, query);
            EntityPage actual = store.source().find(tenant, query);
            assertSame(query, actual, expected);
            assertSame(query, planned.find(tenant, query), expected);
            if (expected.next().isPresent()) {
                EntityQuery second = new EntityQuery(filter, query.sort(), 20, expected.next());
                EntityPage next = oracle.find(tenant, second);
                assertSame(second, store.source().find(tenant, second), next);
                assertSame(second, planned.find(tenant, second), next);
            }
        }
    }

    @Test
    void aWalkByCursorMeetsEveryRowOnceAndInOrder() {
        for (int i = 0; i < 60; i++) {
            Filter filter = random.nextInt(4) == 0 ? Filter.ALL : data.filter(2);
            List<SortKey> sort = sort();
            List<Entity> expected = oracle.find(
                            tenant, new EntityQuery(filter, sort, EntityQuery.MAX_LIMIT, Optional.empty()))
                    .entities();
            int limit = Math.max(1, expected.size() / (2 + random.nextInt(6)));
            List<Entity> actual = new ArrayList<>();
            Optional<Cursor> after = Optional.empty();
            do {
                EntityPage page = planned.find(tenant, new EntityQuery(filter, sort, limit, after));
                actual.addAll(page.entities());
                after = page.next();
            } while (after.isPresent());
            assertThat(actual.stream().map(Entity::entityId).toList())
                    .as("seed %d, limit %d, sort %s, filter %s", SEED, limit, sort, filter)
                    .isEqualTo(expected.stream().map(Entity::entityId).toList());
        }
    }

    @Test
    void aggregatesAreThoseOfTheInterpreter() {
        for (int i = 0; i < QUERIES; i++) {
            AggregateQuery query = data.aggregate();
            AggregateResult actual = store.source().aggregate(tenant, query);
            AggregateResult expected = oracle.aggregate(tenant, query);
            assertThat(actual.groups()).as("seed %d, %s", SEED, query).hasSameSizeAs(expected.groups());
            for (int group = 0; group < expected.groups().size(); group++) {
                assertThat(actual.groups().get(group))
                        .as("seed %d, %s, group %d", SEED, query, group)
                        .isEqualTo(expected.groups().get(group));
            }
            assertThat(actual.truncated()).as("seed %d, %s", SEED, query).isEqualTo(expected.truncated());
        }
    }

    private static void assertSame(EntityQuery query, EntityPage actual, EntityPage expected) {
        assertThat(actual.entities().stream().map(Entity::entityId).toList())
                .as("seed %d, %s", SEED, query)
                .isEqualTo(expected.entities().stream().map(Entity::entityId).toList());
        assertThat(actual).as("seed %d, %s", SEED, query).isEqualTo(expected);
    }
}
