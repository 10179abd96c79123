package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.read.PostgresSource;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.query.EntityCount;
import com.atlasco.atlas.query.EntityCount.Method;
import com.atlasco.atlas.query.EntityCount.Wanted;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Filter.Operator;
import com.atlasco.atlas.query.filter.LikePattern;
import com.atlasco.atlas.query.filter.Property;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestCluster.class)
class CountIT {

    private static final int ENTITIES = 12_000;

    private static Store store;
    private static TenantId tenant;
    private static Property score;
    private static Property word;

    @BeforeAll
    static void write(TestDatabase database) throws SQLException {
        store = Store.openIdle(database);
        // As many of another tenant: what is expected of the table is not what is expected of one.
        write(store.newTenant());
        tenant = store.newTenant();
        List<AttributeType> types = write(tenant);
        score = new Property.Attribute(types.getFirst());
        word = new Property.Attribute(types.getLast());
        try (Connection connection = database.connectAsSuperuser();
                Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE entity");
        }
    }

    private static List<AttributeType> write(TenantId owner) {
        AttributeType scoreType = store.register(owner, "score", DataType.NUMBER, true);
        AttributeType wordType = store.register(owner, "word", DataType.TEXT, true);
        List<EntityWrite> writes = new ArrayList<>();
        for (int i = 1; i <= ENTITIES; i++) {
            // Ids far apart, and values that do not follow them.
            Document document = Document.of(Map.of(
                    scoreType.attributeId(), new Value.NumberValue(i * 7_919L % 1_000),
                    wordType.attributeId(), new Value.TextValue("word " + i)));
            writes.add(new EntityWrite.Create(Optional.of(i * 1_000L), "thing", document));
            if (writes.size() == 1_000) {
                store.writer().write(owner, writes);
                writes.clear();
            }
        }
        return List.of(scoreType, wordType);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    void anExactCountIsExact() {
        assertThat(count(Filter.ALL, Wanted.EXACT)).isEqualTo(new EntityCount(ENTITIES, Method.EXACT));
        assertThat(count(below(250), Wanted.EXACT)).isEqualTo(new EntityCount(ENTITIES / 4, Method.EXACT));
        assertThat(count(new Filter.Constant(false), Wanted.EXACT)).isEqualTo(new EntityCount(0, Method.EXACT));
    }

    @Test
    void anEstimateOfManyComesFromASample() {
        // Each leads to more than 10,000 entries, if to any.
        for (Filter filter : List.of(new Filter.Not(below(100)), new Filter.Not(below(150)), new Filter.IsNull(word))) {
            EntityCount estimate = count(filter, Wanted.ESTIMATE);
            assertThat(estimate.method()).isEqualTo(Method.SAMPLE);
            long exact = count(filter, Wanted.EXACT).value();
            assertThat(estimate.value()).as("%s", filter).isCloseTo(exact, within((long) (0.05 * ENTITIES)));
        }
        EntityCount all = count(Filter.ALL, Wanted.ESTIMATE);
        assertThat(all.method()).isEqualTo(Method.STATISTICS);
        assertThat(all.value()).isCloseTo((long) ENTITIES, within(ENTITIES / 5L));
    }

    @Test
    void anEstimateOfFewIsCounted() {
        assertThat(count(below(10), Wanted.ESTIMATE)).isEqualTo(new EntityCount(ENTITIES / 100, Method.EXACT));
        TenantId small = store.newTenant();
        assertThat(store.source().count(small, Filter.ALL, Wanted.ESTIMATE))
                .isEqualTo(new EntityCount(0, Method.EXACT));
    }

    @Test
    void aCountThatTakesTooLongSaysSo() {
        PostgresSettings settings = Store.settings(store.database().jdbcUrl(), 1);
        PostgresSettings hasty = new PostgresSettings(
                settings.jdbcUrl(),
                settings.user(),
                settings.password(),
                1,
                Duration.ofMillis(5),
                Duration.ofSeconds(10),
                "atlas-it");
        try (PostgresSource source = PostgresSource.open(hasty)) {
            Filter slow = new Filter.Or(IntStream.range(0, 100)
                    .<Filter>mapToObj(i -> new Filter.Like(word, LikePattern.parse("%w%o%r%d% %1%2%3%4%5%6%7%8%" + i)))
                    .toList());
            AtlasException refused =
                    catchThrowableOfType(AtlasException.class, () -> source.count(tenant, slow, Wanted.EXACT));
            assertThat(refused.problem().code()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(refused.problem().place()).contains("count");
            assertThat(refused.problem().hint().orElseThrow()).contains("count=estimate");
        }
    }

    private static EntityCount count(Filter filter, Wanted wanted) {
        return store.source().count(tenant, filter, wanted);
    }

    private static Filter below(int bound) {
        return new Filter.Comparison(score, Operator.LESS, new Value.NumberValue(bound));
    }
}
