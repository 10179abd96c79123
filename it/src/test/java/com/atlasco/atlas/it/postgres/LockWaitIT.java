package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.tenant.QuotaChange;
import com.atlasco.atlas.postgres.tenant.Quotas;
import com.atlasco.atlas.postgres.tenant.TenantStore;
import com.atlasco.atlas.postgres.write.EntityDeleter;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.query.filter.Filter;
import com.atlasco.atlas.query.filter.Property;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody waits for a row that another one holds for longer than the deadline, and nobody else writes meanwhile. */
@ExtendWith(TestCluster.class)
class LockWaitIT {

    private static final Duration DEADLINE = Duration.ofMillis(1_500);

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
    void whoWaitsForALockKeepsNobodyElseOut() throws Exception {
        TenantId locked = store.newTenant();
        TenantId other = store.newTenant();
        try (Database database = Database.open(
                        Store.settings(store.database().jdbcUrl(), 4).within(DEADLINE));
                Connection holder = store.database().connectAsSuperuser();
                Statement holding = holder.createStatement();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            TenantStore tenants = new TenantStore(database);
            tenants.changeQuotas(locked, QuotaChange.to(quotas(1)));
            holder.setAutoCommit(false);
            holding.execute("SELECT FROM tenant_quota WHERE tenant_id = %s FOR UPDATE".formatted(locked));

            Future<?> first = executor.submit(() -> tenants.changeQuotas(locked, QuotaChange.to(quotas(2))));
            assertThatThrownBy(first::get).hasCauseInstanceOf(AtlasException.class);
            for (int i = 0; i < 2; i++) {
                // While this one waits: it would be the one that tries.
                Future<?> waiting = executor.submit(() -> tenants.changeQuotas(locked, QuotaChange.to(quotas(3))));
                await().until(LockWaitIT::somebodyWaits);
                tenants.changeQuotas(other, QuotaChange.to(quotas(4)));
                assertThat(waiting.isDone()).isFalse();
                assertThatThrownBy(waiting::get)
                        .cause()
                        .isInstanceOfSatisfying(
                                AtlasException.class,
                                failure ->
                                        assertThat(failure.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
            }
            holder.rollback();
            await().ignoreExceptions().untilAsserted(() -> tenants.changeQuotas(locked, QuotaChange.to(quotas(5))));
        }
    }

    @Test
    void aDeletionJudgesWhatIsThereWhenItHasTheLock() throws Exception {
        TenantId tenant = store.newTenant();
        AttributeType n = store.register(tenant, "n", DataType.NUMBER, true);
        Document zero = Document.of(Map.of(n.attributeId(), new Value.NumberValue(0)));
        store.writer()
                .write(
                        tenant,
                        List.of(
                                new EntityWrite.Create(Optional.of(1L), "t", zero),
                                new EntityWrite.Create(Optional.of(2L), "t", zero)));
        Filter isZero =
                new Filter.Comparison(new Property.Attribute(n), Filter.Operator.EQUAL, new Value.NumberValue(0));
        EntityDeleter deleter = new EntityDeleter(store.writers(), store.registry());
        try (Connection other = store.database().connectAsSuperuser();
                Statement writing = other.createStatement();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            other.setAutoCommit(false);
            writing.execute("UPDATE entity SET document = '{\"%d\": 1}' WHERE tenant_id = %s AND entity_id = 1"
                    .formatted(n.attributeId(), tenant));
            Future<EntityDeleter.Deletion> deleting =
                    executor.submit(() -> deleter.delete(tenant, isZero, List.of(1L, 2L)));
            await().until(LockWaitIT::somebodyWaits);
            other.commit();
            assertThat(deleting.get().deleted()).isEqualTo(1);
        }
        assertThat(store.source().get(tenant, 1)).isPresent();
        assertThat(store.source().get(tenant, 2)).isEmpty();
    }

    private static Quotas quotas(long entities) {
        return new Quotas(OptionalLong.of(entities), OptionalLong.empty(), OptionalLong.empty());
    }

    private static boolean somebodyWaits() throws SQLException {
        try (Connection admin = store.database().connectAsSuperuser();
                ResultSet row = admin.createStatement()
                        .executeQuery("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                + " AND query_start > now() - interval '1 s' AND datname = current_database())")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
