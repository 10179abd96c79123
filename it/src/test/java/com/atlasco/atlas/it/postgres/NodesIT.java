package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.Heartbeat;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.HeartbeatReader;
import com.atlasco.atlas.postgres.HeartbeatTable;
import com.atlasco.atlas.postgres.Line;
import com.atlasco.atlas.postgres.Migrations;
import com.atlasco.atlas.postgres.PostgresSettings;
import com.atlasco.atlas.postgres.PrimaryLineage;
import com.atlasco.atlas.postgres.read.PostgresSource;
import com.atlasco.atlas.postgres.read.SharedLookup;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.registry.AttributeRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one node sees of another, and of servers that follow or are away. */
@ExtendWith(TestCluster.class)
class NodesIT {

    private static Store store;

    @BeforeAll
    static void open(TestDatabase database) {
        store = Store.open(database);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    void aHeartbeatTravelsToTheReplica() {
        Heartbeat sent = new HeartbeatTable(store.primary()).write("node", 1);
        assertThat(new HeartbeatReader(store.primary()).observe("node").inRecovery())
                .isFalse();
        assertThat(new HeartbeatReader(store.primary()).newest("node")).contains(sent);
        try (Database replica = Database.open(Store.settings(store.database().replicaJdbcUrl(), 1))) {
            HeartbeatReader reader = new HeartbeatReader(replica);
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(reader.newest("node")).contains(sent));
            HeartbeatReader.Observation seen = reader.observe("node");
            assertThat(seen.inRecovery()).isTrue();
            assertThat(seen.receiverConnected()).isTrue();
            assertThat(seen.replayPaused()).isFalse();
            assertThat(seen.position().contains(sent.position())).isTrue();
            assertThatThrownBy(() -> new HeartbeatTable(replica).write("node", 2))
                    .isInstanceOfSatisfying(
                            AtlasException.class,
                            failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
        }
    }

    @Test
    void whoAsksForThePrimaryIsNotAnsweredByAnotherServer() {
        TenantId tenant = store.newTenant();
        PrimaryLineage lineage = new PrimaryLineage();
        PostgresSettings replica = Store.settings(store.database().replicaJdbcUrl(), 1);
        try (Database pool = Database.open(replica, Optional.of(lineage));
                Line line = new Line(replica, Optional.of(lineage));
                SharedLookup lookup = SharedLookup.ofPrimary(replica, lineage)) {
            for (ThrowingCallable read : List.<ThrowingCallable>of(
                    () -> pool.run(session -> session.flushedPosition()),
                    () -> pool.snapshot(tenant, session -> 1),
                    () -> line.run(session -> 1),
                    () -> lookup.find(tenant, 1))) {
                assertThatThrownBy(read)
                        .isInstanceOfSatisfying(
                                AtlasException.class,
                                failure ->
                                        assertThat(failure.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
            }
        }
        PostgresSettings primary = Store.settings(store.database().jdbcUrl(), 1);
        try (Database pool = Database.open(primary, Optional.of(lineage));
                SharedLookup lookup = SharedLookup.ofPrimary(primary, lineage)) {
            assertThat(pool.<Integer>run(session -> 1)).isEqualTo(1);
            assertThat(lookup.find(tenant, 1).entity()).isEmpty();
        }
    }

    @Test
    void anotherNodeLearnsOfAnAttribute() {
        TenantId tenant = store.newTenant();
        try (Store other = Store.open(store.database())) {
            assertThat(other.registry().snapshot(tenant).size()).isZero();
            store.register(tenant, "new", DataType.TEXT, true);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> other.registry().snapshot(tenant).size() == 1);
        }
    }

    /** What it remembers afterwards it must not ask for on a second connection while it holds the first. */
    @Test
    void aChangeNeedsNoMoreThanOneConnection() {
        TenantId tenant = store.newTenant();
        try (Database narrow = Database.open(Store.settings(store.database().jdbcUrl(), 1));
                AttributeRegistry registry = AttributeRegistry.open(narrow)) {
            registry.register(
                    tenant,
                    new AttributeDefinition("first", DataType.TEXT, true, false, Optional.empty(), Optional.empty()));
            assertThat(registry.snapshot(tenant).size()).isEqualTo(1);
        }
    }

    @Test
    void aDataTypeNeverChangesAndAReservedNameIsRefused() {
        TenantId tenant = store.newTenant();
        store.register(tenant, "score", DataType.NUMBER, true);
        assertCode(ErrorCode.ATTRIBUTE_CONFLICT, tenant, "score");
        assertCode(ErrorCode.INVALID_NAME, tenant, "entity_id");
        assertCode(ErrorCode.INVALID_NAME, tenant, "");
        assertCode(ErrorCode.INVALID_NAME, tenant, "a\nb");
        assertCode(ErrorCode.INVALID_NAME, tenant, "x".repeat(201));
    }

    private static void assertCode(ErrorCode code, TenantId tenant, String name) {
        assertThatThrownBy(() -> store.registry()
                        .register(
                                tenant,
                                new AttributeDefinition(
                                        name, DataType.TEXT, true, false, Optional.empty(), Optional.empty())))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        failure -> assertThat(failure.problem().code()).isEqualTo(code));
    }

    @Test
    void aServerThatIsAwayIsUnavailable() {
        try (PostgresSource away = PostgresSource.open(Store.settings("jdbc:postgresql://127.0.0.1:1/nowhere", 1))) {
            assertThat(away.ping()).isFalse();
            assertThatThrownBy(() -> away.get(TenantId.DEFAULT, 1))
                    .isInstanceOfSatisfying(
                            AtlasException.class,
                            failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
        }
    }

    @Test
    void migratingAgainChangesNothing() {
        long began = System.nanoTime();
        Migrations.migrate(
                store.database().jdbcUrl(),
                store.database().superuser(),
                store.database().password(),
                Store.ROLE,
                Store.PASSWORD);
        System.out.printf("migrating again: %d ms%n", (System.nanoTime() - began) / 1_000_000);
        assertThat(store.tenants().list()).isNotEmpty();
    }
}
