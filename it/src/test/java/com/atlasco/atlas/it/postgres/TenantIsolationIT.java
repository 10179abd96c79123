package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.Database;
import com.atlasco.atlas.postgres.Session;
import com.atlasco.atlas.postgres.write.EntityWrite;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestCluster.class)
class TenantIsolationIT {

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
    void aQueryThatForgetsTheTenantSeesOnlyItsTenant() {
        TenantId one = tenantWith(3);
        TenantId other = tenantWith(5);
        // One connection for both, so that each finds what the other left behind.
        try (Database narrow = Database.open(Store.settings(store.database().jdbcUrl(), 1))) {
            for (int i = 0; i < 3; i++) {
                for (String table : List.of("entity", "entity_attribute", "attr_type", "tenant", "registry_version")) {
                    boolean perEntity = table.startsWith("entity");
                    assertThat(visible(narrow, one, table)).as(table).isEqualTo(perEntity ? 3 : 1);
                    assertThat(visible(narrow, other, table)).as(table).isEqualTo(perEntity ? 5 : 1);
                }
            }
        }
    }

    @Test
    void aFailedTransactionLeavesTheBindingTrue() {
        TenantId one = tenantWith(3);
        TenantId other = tenantWith(5);
        try (Database narrow = Database.open(Store.settings(store.database().jdbcUrl(), 1))) {
            assertThat(visible(narrow, one, "entity")).isEqualTo(3);
            assertThatThrownBy(() -> narrow.write(other, session -> count(session, "no_such_table")))
                    .isInstanceOf(AtlasException.class);
            assertThat(visible(narrow, other, "entity")).isEqualTo(5);
            assertThat(visible(narrow, one, "entity")).isEqualTo(3);
        }
    }

    @Test
    void aRowOfAnotherTenantCannotBeWritten() {
        TenantId one = tenantWith(1);
        TenantId other = tenantWith(1);
        assertThatThrownBy(() -> store.primary().run(one, session -> {
                    try (PreparedStatement statement =
                            session.prepare("INSERT INTO entity VALUES (?, 99, 'thing', 1, '{}', '{}', now())")) {
                        statement.setLong(1, other.value());
                        return statement.executeUpdate();
                    }
                }))
                .hasRootCauseInstanceOf(SQLException.class)
                .rootCause()
                .hasMessageContaining("row-level security");
    }

    @Test
    void aConnectionWithoutATenantSeesNothing() throws SQLException {
        tenantWith(2);
        try (Connection connection =
                        DriverManager.getConnection(store.database().jdbcUrl(), Store.ROLE, Store.PASSWORD);
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT (SELECT count(*) FROM entity) + (SELECT count(*) FROM entity_attribute)"
                                + " + (SELECT count(*) FROM attr_type) + (SELECT count(*) FROM tenant)")) {
            row.next();
            assertThat(row.getLong(1)).isZero();
        }
    }

    private static TenantId tenantWith(int entities) {
        TenantId tenant = store.newTenant();
        AttributeType score = store.register(tenant, "score", DataType.NUMBER, true);
        for (long id = 1; id <= entities; id++) {
            store.writer()
                    .write(
                            tenant,
                            List.of(new EntityWrite.Create(
                                    Optional.of(id),
                                    "thing",
                                    Document.of(Map.of(score.attributeId(), new Value.NumberValue(id))))));
        }
        return tenant;
    }

    private static long visible(Database database, TenantId tenant, String table) {
        return database.run(tenant, session -> count(session, table));
    }

    private static long count(Session session, String table) throws SQLException {
        try (PreparedStatement statement = session.prepare("SELECT count(*) FROM " + table);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
