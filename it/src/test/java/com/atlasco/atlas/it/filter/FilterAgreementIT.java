package com.atlasco.atlas.it.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.analytics.duckdb.DuckDbStore;
import com.atlasco.atlas.analytics.duckdb.DuckDbTruths;
import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.it.filter.World.Land;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.postgres.read.DocumentTruths;
import com.atlasco.atlas.query.EntityPage;
import com.atlasco.atlas.query.EntityQuery;
import com.atlasco.atlas.query.SortKey;
import com.atlasco.atlas.query.aggregate.AggregateQuery;
import com.atlasco.atlas.query.aggregate.AggregateQuery.AggregateSort;
import com.atlasco.atlas.query.aggregate.GroupKey;
import com.atlasco.atlas.query.aggregate.Metric;
import com.atlasco.atlas.query.cql2.FilterParser;
import com.atlasco.atlas.query.cql2.FilterPrinter;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import com.atlasco.atlas.query.interpret.FilterInterpreter;
import com.atlasco.atlas.query.interpret.InMemoryReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL, DuckDB and the interpreter answer random filters alike. Another seed and more of them:
 * {@code -Dseed=… -Dcases=…}.
 */
@ExtendWith(TestCluster.class)
class FilterAgreementIT {

    private static final long SEED = Long.getLong("seed", 20261123L);
    private static final int CASES = Integer.getInteger("cases", 20_000);
    private static final int CASES_PER_LAND = 2_500;
    private static final int CASES_PER_STATEMENT = 50;
    private static final int ENTITIES = 50;
    private static final int QUERIES = 1_200;

    @TempDir
    private static Path directory;

    private static World world;

    @BeforeAll
    static void open(TestDatabase database) {
        System.out.printf("-Dseed=%d -Dcases=%d%n", SEED, CASES);
        world = new World(database, directory, new Random(SEED));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void everyFilterIsTheSameToEveryEngineForEveryEntity() throws SQLException {
        long[] outcomes = new long[3];
        for (int done = 0; done < CASES; done += CASES_PER_LAND) {
            Random random = new Random(SEED + done);
            Land land = world.newLand(ENTITIES);
            world.columnar(land).close();
            try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:" + world.file(land))) {
                RandomText texts = new RandomText(random, land.values(), land.types());
                for (int i = 0; i < Math.min(CASES_PER_LAND, CASES - done); i += CASES_PER_STATEMENT) {
                    List<Filter> filters = Stream.generate(() -> filter(texts, random, land))
                            .limit(CASES_PER_STATEMENT)
                            .toList();
                    new Engines(land, duckDb).compare(filters, outcomes);
                }
            }
        }
        System.out.printf("true %d, false %d, unknown %d%n", outcomes[0], outcomes[1], outcomes[2]);
        assertThat(outcomes[0]).isGreaterThan((long) CASES * ENTITIES / 20);
        assertThat(outcomes[1]).isGreaterThan((long) CASES * ENTITIES / 20);
        assertThat(outcomes[2]).isGreaterThan((long) CASES * ENTITIES / 20);
    }

    @Test
    void theLargestFiltersAreServed() throws SQLException {
        Land land = world.newLand(5);
        world.columnar(land).close();
        String deep = "version + 1" + " + version".repeat(49) + " > 50";
        String wide =
                Stream.generate(() -> "CASEI(entity_type) = 'x'").limit(50).collect(Collectors.joining(" OR "))
                        + Stream.generate(() -> " OR ACCENTI(entity_type) = 'x'")
                                .limit(50)
                                .collect(Collectors.joining());
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:" + world.file(land))) {
            new Engines(land, duckDb)
                    .compare(
                            Stream.of(deep, wide)
                                    .map(text -> FilterParser.parse(text, land.registry()))
                                    .toList(),
                            new long[3]);
        }
    }

    /** What is read again from its text is the same filter. */
    private static Filter filter(RandomText texts, Random random, Land land) {
        while (true) {
            String text = texts.filter(random.nextInt(4) == 0 ? 2 : 0);
            Filter filter;
            try {
                filter = FilterParser.parse(text, land.registry());
            } catch (AtlasException refused) {
                // Whole numbers refuse fractions, and DATE and TIMESTAMP in an IN meet text nowhere.
                assertThat(refused.problem().code())
                        .as(text + ": " + refused.problem())
                        .isEqualTo(ErrorCode.FILTER_TYPE);
                continue;
            }
            String printed = FilterPrinter.toText(filter);
            assertThat(FilterParser.parse(printed, land.registry()))
                    .as(text + " printed as " + printed)
                    .isEqualTo(filter);
            return filter;
        }
    }

    private record Engines(Land land, Connection duckDb) {

        void compare(List<Filter> filters, long[] outcomes) throws SQLException {
            List<List<Optional<Boolean>>> postgres;
            List<List<Optional<Boolean>>> columnar;
            try {
                postgres = DocumentTruths.of(world.primary(), land.tenant(), filters);
                columnar = DuckDbTruths.of(duckDb, land.tenant(), filters);
            } catch (AtlasException | SQLException failure) {
                if (filters.size() > 1) {
                    for (Filter filter : filters) {
                        compare(List.of(filter), outcomes);
                    }
                }
                throw new AssertionError(describe(shrunk(filters.getFirst())), failure);
            }
            assertThat(postgres).hasSameSizeAs(land.entities());
            assertThat(columnar).hasSameSizeAs(land.entities());
            for (int row = 0; row < postgres.size(); row++) {
                Entity entity = land.entities().get(row);
                for (int i = 0; i < filters.size(); i++) {
                    Optional<Boolean> expected = FilterInterpreter.evaluate(filters.get(i), entity);
                    if (!postgres.get(row).get(i).equals(expected)
                            || !columnar.get(row).get(i).equals(expected)) {
                        throw new AssertionError(describe(shrunk(filters.get(i))));
                    }
                    outcomes[expected.map(truth -> truth ? 0 : 1).orElse(2)]++;
                }
            }
        }

        /** The smallest part of the filter that the engines do not agree on. */
        private Filter shrunk(Filter filter) {
            return parts(filter)
                    .filter(part -> disagreement(part).isPresent())
                    .findFirst()
                    .map(this::shrunk)
                    .orElse(filter);
        }

        private static Stream<Filter> parts(Filter filter) {
            return switch (filter) {
                case Filter.And(List<Filter> operands) -> operands.stream();
                case Filter.Or(List<Filter> operands) -> operands.stream();
                case Filter.Not(Filter operand) -> Stream.of(operand);
                case Filter.IsUnknown(Filter operand) -> Stream.of(operand);
                default -> Stream.empty();
            };
        }

        private Optional<String> disagreement(Filter filter) {
            List<List<Optional<Boolean>>> postgres;
            List<List<Optional<Boolean>>> columnar;
            try {
                postgres = DocumentTruths.of(world.primary(), land.tenant(), List.of(filter));
            } catch (AtlasException failure) {
                return Optional.of("PostgreSQL: " + failure.getMessage() + " " + failure.getCause());
            }
            try {
                columnar = DuckDbTruths.of(duckDb, land.tenant(), List.of(filter));
            } catch (SQLException failure) {
                return Optional.of("DuckDB: " + failure.getMessage());
            }
            for (int row = 0; row < postgres.size(); row++) {
                Entity entity = land.entities().get(row);
                Optional<Boolean> expected = FilterInterpreter.evaluate(filter, entity);
                Optional<Boolean> first = postgres.get(row).getFirst();
                Optional<Boolean> second = columnar.get(row).getFirst();
                if (!first.equals(expected) || !second.equals(expected)) {
                    return Optional.of("interpreter %s, PostgreSQL %s, DuckDB %s for %s"
                            .formatted(expected, first, second, entity));
                }
            }
            return Optional.empty();
        }

        private String describe(Filter filter) {
            return "-Dseed=%d: %s%n%s%n%s"
                    .formatted(
                            SEED,
                            FilterPrinter.toText(filter),
                            disagreement(filter).orElse("agreed alone"),
                            filter);
        }
    }

    @Test
    void pagesAndAggregatesAreTheSameFromEveryReader() {
        Random random = new Random(SEED);
        Land land = world.newLand(8 * ENTITIES);
        RandomText texts = new RandomText(random, land.values(), land.types());
        InMemoryReader oracle = land.oracle();
        try (DuckDbStore columnar = world.columnar(land)) {
            for (int i = 0; i < QUERIES; i++) {
                Filter filter = random.nextInt(5) == 0 ? Filter.ALL : filter(texts, random, land);
                String description = "-Dseed=%d: %s".formatted(SEED, FilterPrinter.toText(filter));
                if (i % 3 == 0) {
                    AggregateQuery query = aggregate(filter, random, land);
                    assertThat(world.source().aggregate(land.tenant(), query))
                            .as("PostgreSQL, %s: %s", description, query)
                            .isEqualTo(oracle.aggregate(land.tenant(), query));
                    assertThat(columnar.aggregate(land.tenant(), query))
                            .as("DuckDB, %s: %s", description, query)
                            .isEqualTo(oracle.aggregate(land.tenant(), query));
                    continue;
                }
                EntityQuery query = new EntityQuery(
                        filter, sort(random, land), List.of(1, 7, 50, 1_000).get(random.nextInt(4)), Optional.empty());
                EntityPage page = agreed(query, description, oracle, columnar, land);
                if (page.next().isPresent()) {
                    agreed(new EntityQuery(filter, query.sort(), 30, page.next()), description, oracle, columnar, land);
                }
            }
        }
    }

    private static EntityPage agreed(
            EntityQuery query, String description, InMemoryReader oracle, DuckDbStore columnar, Land land) {
        EntityPage expected = oracle.find(land.tenant(), query);
        assertThat(world.source().find(land.tenant(), query))
                .as("PostgreSQL, %s: %s", description, query)
                .isEqualTo(expected);
        assertThat(columnar.find(land.tenant(), query))
                .as("DuckDB, %s: %s", description, query)
                .isEqualTo(expected);
        return expected;
    }

    /** Up to three keys of different properties. */
    private static List<SortKey> sort(Random random, Land land) {
        Map<Property, SortKey> keys = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Property property = comparable(random, land);
            keys.put(property, new SortKey(property, random.nextBoolean()));
        }
        return List.copyOf(keys.values());
    }

    private static Property comparable(Random random, Land land) {
        List<Property> properties = new ArrayList<>(List.of(Property.Intrinsic.values()));
        land.types().stream()
                .filter(type -> type.dataType() != DataType.JSON)
                .forEach(type -> properties.add(new Property.Attribute(type)));
        return properties.get(random.nextInt(properties.size()));
    }

    /** Sums are DifferentialIT's: of numbers that differ by hundreds of digits they are not the same everywhere. */
    private static AggregateQuery aggregate(Filter filter, Random random, Land land) {
        List<GroupKey> keys = Stream.<GroupKey>generate(() -> new GroupKey.ByValue(comparable(random, land)))
                .limit(random.nextInt(3))
                .toList();
        List<Metric> metrics = Stream.generate(() -> {
                    Property property = comparable(random, land);
                    return new Metric(
                            property.dataType() == DataType.BOOL
                                    ? Metric.Operation.COUNT_DISTINCT
                                    : List.of(
                                                    Metric.Operation.COUNT,
                                                    Metric.Operation.COUNT_DISTINCT,
                                                    Metric.Operation.MIN,
                                                    Metric.Operation.MAX)
                                            .get(random.nextInt(4)),
                            Optional.of(property));
                })
                .limit(1 + random.nextInt(3))
                .toList();
        List<AggregateSort> sort = random.nextBoolean()
                ? List.of()
                : List.of(new AggregateSort.ByMetric(random.nextInt(metrics.size()), random.nextBoolean()));
        return new AggregateQuery(filter, keys, metrics, sort, 1 + random.nextInt(40));
    }
}
