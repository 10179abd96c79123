package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Registry;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.RegistrationOutcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ten thousand attribute types in a tenant, a thousand tenants: prints figures, and asserts what must not grow. */
@ExtendWith(TestCluster.class)
@Timeout(120)
class RegistryScaleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int SINGLES = Integer.getInteger("atlas.scale.singles", 200);

    private static Store store;

    @BeforeAll
    static void open(TestDatabase database) {
        store = Store.openIdle(database);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    void aRegistrationCostsTheSameAtNoneAndAtTenThousandTypes() {
        TenantId tenant = store.newTenant();
        singles(tenant, "warm up ", 50);
        double first = singles(tenant, "first ", SINGLES);
        long began = System.nanoTime();
        List<RegistrationOutcome> outcomes = store.registry()
                .registerAll(
                        tenant,
                        IntStream.range(0, 10_000)
                                .mapToObj(i -> definition("attribute " + i))
                                .toList());
        double bulk = (System.nanoTime() - began) / 1e6;
        assertThat(outcomes)
                .hasSize(10_000)
                .allMatch(RegistrationOutcome::created)
                .extracting(outcome -> outcome.type().name())
                .startsWith("attribute 0", "attribute 1");
        double last = singles(tenant, "last ", SINGLES);
        System.out.printf(
                "a registration: %.2f ms at 50 types, %.2f ms at 10,000; 10,000 in one call: %.0f ms%n",
                first, last, bulk);
        assertThat(store.registry().snapshot(tenant).size()).isEqualTo(10_050 + 2 * SINGLES);
        // Noise of a shared machine, and no more: copying all types would cost milliseconds each time.
        assertThat(last).isLessThan(3 * first + 2);

        Registry registry = store.registry().snapshot(tenant);
        int found = 0;
        for (int round = 0; round < 3; round++) {
            found = 0;
            began = System.nanoTime();
            for (int i = 0; i < 1_000_000; i++) {
                found += store.registry()
                        .snapshot(tenant)
                        .find(outcomes.get(i % 10_000).type().attributeId())
                        .map(AttributeType::attributeId)
                        .map(id -> 1)
                        .orElse(0);
            }
        }
        System.out.printf("a look-up among 10,000 types: %d ns%n", (System.nanoTime() - began) / 1_000_000);
        assertThat(found).isEqualTo(1_000_000);
        assertThat(registry.find("last 7")).isPresent();
        try (Store other = Store.openIdle(store.database())) {
            began = System.nanoTime();
            assertThat(other.registry().snapshot(tenant).size()).isEqualTo(registry.size());
            System.out.printf("first load of 10,000 types: %.0f ms%n", (System.nanoTime() - began) / 1e6);
            store.registry().rename(tenant, "last 7", "renamed");
            await().atMost(PATIENCE)
                    .until(() ->
                            other.registry().snapshot(tenant).find("renamed").isPresent());
            assertThat(other.registry().snapshot(tenant).find("last 7")).isEmpty();
            assertThat(other.registry().snapshot(tenant).size()).isEqualTo(registry.size());
        }
    }

    @Test
    void aPollOfAThousandTenantsSeesAChangeAtOnce() throws SQLException {
        try (Connection connection = store.database().connectAsSuperuser()) {
            connection.createStatement().execute("""
                    INSERT INTO tenant (tenant_id, name) SELECT i, 'many' FROM generate_series(100001, 101000) i;
                    INSERT INTO registry_version (tenant_id, version) SELECT i, 1 FROM generate_series(100001, 101000) i""");
        }
        try (Store other = Store.openIdle(store.database())) {
            for (long tenant = 100_001; tenant <= 101_000; tenant++) {
                assertThat(other.registry().tenantExists(new TenantId(tenant))).isTrue();
            }
            TenantId changed = new TenantId(100_777);
            store.register(changed, "new", DataType.TEXT, true);
            long began = System.nanoTime();
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(PATIENCE)
                    .until(() -> other.registry().snapshot(changed).find("new").isPresent());
            System.out.printf(
                    "a change among 1,000 tenants is seen after %.0f ms%n", (System.nanoTime() - began) / 1e6);
            other.primary().run(session -> {
                long asked = System.nanoTime();
                for (int i = 0; i < 20; i++) {
                    try (var statement = session.prepare("SELECT count(version) FROM atlas_registry_versions(?)")) {
                        statement.setArray(
                                1,
                                session.connection()
                                        .createArrayOf(
                                                "int8",
                                                IntStream.rangeClosed(100_001, 101_000)
                                                        .mapToObj(id -> (long) id)
                                                        .toArray()));
                        try (ResultSet row = statement.executeQuery()) {
                            assertThat(row.next()).isTrue();
                            assertThat(row.getLong(1)).isEqualTo(1_000);
                        }
                    }
                }
                System.out.printf("a poll of 1,000 tenants: %.2f ms%n", (System.nanoTime() - asked) / 20e6);
                return true;
            });
        }
    }

    @Test
    void aTenantThatIsNotThereIsNotAskedForAgainAndAgain() throws SQLException {
        TenantId missing = new TenantId(999_999_999);
        long before = transactions();
        for (int i = 0; i < 20_000; i++) {
            assertThat(store.registry().tenantExists(missing)).isFalse();
        }
        assertThat(transactions() - before).isLessThan(2_000);
        store.tenants().create(missing, "comes into being");
        await().atMost(PATIENCE).until(() -> store.registry().tenantExists(missing));
    }

    @Test
    void manyAreRegisteredAllOrNone() {
        TenantId tenant = store.newTenant();
        store.register(tenant, "score", DataType.NUMBER, true);
        assertThatThrownBy(() -> store.registry()
                        .registerAll(tenant, List.of(definition("a"), definition("score"), definition("b"))))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.ATTRIBUTE_CONFLICT));
        assertThatThrownBy(() -> store.registry().registerAll(tenant, List.of(definition("a"), definition("a"))))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        failure -> assertThat(failure.problem().place()).contains("/attributes/1/name"));
        assertThat(store.registry().snapshot(tenant).size()).isEqualTo(1);
        assertThat(store.registry().registerAll(tenant, List.of(definition("a"), definition("b"))))
                .allMatch(RegistrationOutcome::created);
        assertThat(store.registry().registerAll(tenant, List.of(definition("b"), definition("c"))))
                .extracting(RegistrationOutcome::created)
                .containsExactly(false, true);
    }

    private static double singles(TenantId tenant, String prefix, int count) {
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            store.registry().register(tenant, definition(prefix + i));
        }
        return (System.nanoTime() - began) / 1e6 / count;
    }

    private static AttributeDefinition definition(String name) {
        return new AttributeDefinition(name, DataType.TEXT, true, false, Optional.empty(), Optional.empty());
    }

    private static long transactions() throws SQLException {
        try (Connection connection = store.database().connectAsSuperuser();
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")) {
            row.next();
            return row.getLong(1);
        }
    }
}
