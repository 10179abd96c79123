package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.statistics.AttributeStatistics;
import com.atlasco.atlas.postgres.statistics.Column;
import com.atlasco.atlas.postgres.statistics.StatisticsCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Statistics of a column that has too many values to be read whole. */
@ExtendWith(TestCluster.class)
class StatisticsIT {

    private static final int ROWS = 150_000;

    @Test
    void aLargeColumnIsSampled(TestDatabase database) throws SQLException {
        try (Store store = Store.open(database);
                StatisticsCatalog catalog = StatisticsCatalog.open(
                        Store.settings(database.jdbcUrl(), 1),
                        StatisticsCatalog.DEFAULT_BYTES,
                        StatisticsCatalog.FOLLOWING,
                        System::nanoTime,
                        new Random(1))) {
            TenantId tenant = store.newTenant();
            int score = store.register(tenant, "score", DataType.NUMBER, true).attributeId();
            fill(database, tenant, score);
            AttributeStatistics found = catalog.rebuild(tenant, List.of(new Column.Attribute(score, DataType.NUMBER)))
                    .getFirst();
            assertThat(found.rows()).isCloseTo(ROWS, withinPercentage(15));
            assertThat(found.between(Optional.of(new AttributeStatistics.End(90.0, true)), Optional.empty()))
                    .isCloseTo(ROWS / 10.0, withinPercentage(20));
            assertThat(catalog.find(tenant, new Column.Attribute(score, DataType.NUMBER)))
                    .isPresent();
        }
    }

    /** Where nobody tells of changes, what stays the same is looked up less and less often. */
    @Test
    void whatDoesNotChangeIsLookedUpLessOften(TestDatabase database) throws SQLException {
        AtomicLong nanos = new AtomicLong();
        try (Store store = Store.open(database);
                StatisticsCatalog catalog = StatisticsCatalog.open(
                        Store.settings(database.jdbcUrl(), 1),
                        StatisticsCatalog.DEFAULT_BYTES,
                        StatisticsCatalog.ALONE,
                        nanos::get,
                        new Random(1))) {
            TenantId tenant = store.newTenant();
            Column column = new Column.Attribute(
                    store.register(tenant, "score", DataType.NUMBER, true).attributeId(), DataType.NUMBER);
            fill(database, tenant, ((Column.Attribute) column).attributeId());
            catalog.rebuild(tenant, List.of(column));
            nanos.addAndGet(StatisticsCatalog.ALONE.toNanos());
            catalog.rebuild(tenant, List.of(column));
            AttributeStatistics known = catalog.find(tenant, column).orElseThrow();
            nanos.addAndGet(StatisticsCatalog.ALONE.toNanos() * 3 / 2);
            await().during(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(catalog.find(tenant, column).orElseThrow())
                            .isSameAs(known));
            nanos.addAndGet(StatisticsCatalog.ALONE.toNanos());
            // Older than twice as long: built anew in the background.
            await().untilAsserted(() ->
                    assertThat(catalog.find(tenant, column).orElseThrow()).isNotSameAs(known));
        }
    }

    private static void fill(TestDatabase database, TenantId tenant, int attributeId) throws SQLException {
        try (Connection connection = database.connectAsSuperuser();
                PreparedStatement rows = connection.prepareStatement("""
                        INSERT INTO entity_attribute (tenant_id, attribute_id, entity_id, value_number)
                        SELECT ?, ?, id, id % 100 FROM generate_series(1, ?) AS id
                        """);
                Statement statement = connection.createStatement()) {
            rows.setLong(1, tenant.value());
            rows.setInt(2, attributeId);
            rows.setInt(3, ROWS);
            rows.executeUpdate();
            statement.execute("VACUUM (ANALYZE) entity_attribute");
        }
    }
}
