package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.tenant.ApiKeyStore;
import com.atlasco.atlas.postgres.tenant.Quotas;
import com.atlasco.atlas.postgres.tenant.Scope;
import com.atlasco.atlas.postgres.tenant.SecretKey;
import com.atlasco.atlas.postgres.tenant.TenantStore;
import com.atlasco.atlas.postgres.write.EntityWrite;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever a statement of the service forgets to say, it meets the rows of its tenant only: in every table that has a
 * tenant_id, partitions and the tables of later migrations included.
 */
@ExtendWith(TestCluster.class)
class TenantTablesIT {

    private static final String REFUSED = "42501";

    private static Store store;
    private static TenantId victim;
    private static TenantId other;
    private static List<String> tables;

    @BeforeAll
    static void open(TestDatabase database) throws SQLException {
        // Without its background jobs: they would take the job away that a tenant is filled with.
        store = Store.openIdle(database);
        victim = filledTenant();
        other = filledTenant();
        tables = list("""
                SELECT c.oid::regclass::text FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1""");
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    void everyTableAndPartitionIsUnderRowLevelSecurity() throws SQLException {
        assertThat(tables)
                .contains("tenant", "registry_version", "attr_type", "entity", "entity_p0", "entity_attribute")
                .contains("entity_attribute_p15", "api_key", "tenant_quota", "tenant_deletion", "idempotency_key")
                .contains("entity_tombstone", "pivot_job");
        assertThat(list("""
                SELECT c.oid::regclass::text FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relrowsecurity""")).isEmpty();
    }

    @Test
    void thereIsSomethingToStealInEveryTable() throws SQLException {
        for (String table : list("""
                SELECT c.oid::regclass::text FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND c.relnamespace = 'public'::regnamespace""")) {
            assertThat(list("SELECT count(*) FROM %s WHERE tenant_id = %s".formatted(table, victim)))
                    .as(table)
                    .doesNotContain("0");
        }
    }

    @Test
    void nothingLeadsAroundIt() throws SQLException {
        assertThat(list("SELECT rolname FROM pg_roles WHERE rolname = 'atlas_service' AND (rolsuper OR rolbypassrls)"))
                .isEmpty();
        // Of the activity of others it sees which transactions are under way; what they read and write stays theirs.
        assertThat(list("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'atlas_service'::regrole"))
                .containsExactly("pg_read_all_stats");
        // An owner is not held to policies, a view has its owner's rights, and TRUNCATE asks no policy.
        assertThat(list("SELECT oid::regclass::text FROM pg_class WHERE relowner = 'atlas_service'::regrole"))
                .isEmpty();
        assertThat(list("""
                SELECT oid::regclass::text FROM pg_class
                WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
                  AND has_table_privilege('atlas_service', oid, 'SELECT')
                  AND NOT coalesce(reloptions && ARRAY['security_invoker=true', 'security_invoker=on'], false)""")).isEmpty();
        assertThat(list("""
                SELECT oid::regclass::text FROM pg_class
                WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
                  AND has_table_privilege('atlas_service', oid, 'TRUNCATE')""")).isEmpty();
    }

    @Test
    void statisticsTellNothingOfValues() throws SQLException {
        try (Connection service = DriverManager.getConnection(store.database().jdbcUrl(), Store.ROLE, Store.PASSWORD);
                Statement statement = service.createStatement()) {
            run(service, "SELECT set_config('atlas.tenant_id', '%s', false)".formatted(victim));
            try (ResultSet known = statement.executeQuery(
                    "SELECT tablename FROM pg_stats WHERE schemaname = 'public' AND tablename = ANY (ARRAY['%s'])"
                            .formatted(String.join("','", tables)))) {
                assertThat(known.next()).isFalse();
            }
        }
    }

    @Test
    void withoutATenantNothingIsSeenAndNothingChanges() throws SQLException {
        assertVictimUntouched(Optional.empty());
    }

    @Test
    void withAnotherTenantNothingOfTheVictimIsSeenAndNothingChanges() throws SQLException {
        assertVictimUntouched(Optional.of(other));
    }

    private static void assertVictimUntouched(Optional<TenantId> bound) throws SQLException {
        Map<String, String> before = contents();
        try (Connection service = DriverManager.getConnection(store.database().jdbcUrl(), Store.ROLE, Store.PASSWORD)) {
            if (bound.isPresent()) {
                run(service, "SELECT set_config('atlas.tenant_id', '%s', false)".formatted(bound.get()));
            }
            for (String table : tables) {
                // Another tenant may see and even spoil its own.
                assertThat(seen(service, table)).as("seen in " + table).isZero();
                run(service, "UPDATE %s SET tenant_id = tenant_id".formatted(table));
                run(service, "UPDATE %s SET tenant_id = %s".formatted(table, victim));
                run(service, "UPDATE %s SET tenant_id = %s WHERE tenant_id = %s".formatted(table, other, victim));
                run(service, "DELETE FROM " + table + " WHERE tenant_id = " + victim);
                assertInsertRefused(service, table);
            }
            for (String table : tables) {
                run(service, "DELETE FROM " + table);
            }
        }
        assertThat(contents()).isEqualTo(before);
    }

    /** Tries to write a row that the victim has once more; what a policy refuses is refused before any key is looked at. */
    private static void assertInsertRefused(Connection service, String table) throws SQLException {
        List<String> rows =
                list("SELECT to_jsonb(t)::text FROM %s t WHERE tenant_id = %s LIMIT 1".formatted(table, victim));
        String columns = String.join(", ", list("""
                SELECT quote_ident(attname) FROM pg_attribute
                WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""".formatted(table)));
        for (String row : rows) {
            try (PreparedStatement insert = service.prepareStatement(
                    "INSERT INTO %s (%s) SELECT %s FROM jsonb_populate_record(NULL::%s, ?::jsonb)"
                            .formatted(table, columns, columns, table))) {
                insert.setString(1, row);
                insert.executeUpdate();
                throw new AssertionError("a row of another tenant was inserted into " + table);
            } catch (SQLException refused) {
                assertThat(refused.getSQLState())
                        .as(table + ": " + refused.getMessage())
                        .isEqualTo(REFUSED);
            }
        }
    }

    private static long seen(Connection service, String table) throws SQLException {
        try (Statement statement = service.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FILTER (WHERE tenant_id = %s) FROM %s".formatted(victim, table))) {
            row.next();
            return row.getLong(1);
        } catch (SQLException refused) {
            assertThat(refused.getSQLState()).as(refused.getMessage()).isEqualTo(REFUSED);
            return 0;
        }
    }

    private static void run(Connection service, String sql) throws SQLException {
        try (Statement statement = service.createStatement()) {
            statement.execute(sql);
        } catch (SQLException refused) {
            assertThat(refused.getSQLState())
                    .as(sql + ": " + refused.getMessage())
                    .isIn(Set.of(REFUSED, "23503"));
        }
    }

    /** What the victim has in each table, as the owner of the tables sees it. */
    private static Map<String, String> contents() throws SQLException {
        Map<String, String> contents = new HashMap<>();
        for (String table : tables) {
            contents.put(
                    table,
                    list("SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '')"
                                    + " FROM %s t WHERE tenant_id = %s".formatted(table, victim))
                            .getFirst());
        }
        return contents;
    }

    private static TenantId filledTenant() throws SQLException {
        TenantId tenant = new TenantStore(store.primary())
                .create(Optional.empty(), "filled", Quotas.none())
                .orElseThrow();
        AttributeType score = store.register(tenant, "score", DataType.NUMBER, true);
        AttributeType name = store.register(tenant, "name", DataType.TEXT, true);
        store.writer()
                .write(
                        tenant,
                        LongStream.rangeClosed(1, 50)
                                .<EntityWrite>mapToObj(id -> new EntityWrite.Create(
                                        Optional.of(id),
                                        "thing",
                                        Document.of(Map.of(
                                                score.attributeId(), new Value.NumberValue(id),
                                                name.attributeId(), new Value.TextValue("n" + id)))))
                                .toList());
        new ApiKeyStore(store.primary())
                .create(
                        tenant,
                        SecretKey.create(new Random(tenant.value())),
                        "key",
                        Set.of(Scope.READ),
                        Optional.empty());
        try (Connection admin = store.database().connectAsSuperuser();
                Statement statement = admin.createStatement()) {
            statement.execute(
                    "INSERT INTO idempotency_key VALUES (%s, 'a key', 'hash', '{}', now())".formatted(tenant));
            statement.execute("INSERT INTO entity_tombstone VALUES (%s, 99, 3)".formatted(tenant));
            statement.execute(
                    "INSERT INTO pivot_job (tenant_id, attribute_id, rows_total) VALUES (%s, 1, 50)".formatted(tenant));
            statement.execute(
                    "INSERT INTO tenant_deletion (tenant_id, phase, finished_at) VALUES (%s, 'finished', now())"
                            .formatted(tenant));
        }
        return tenant;
    }

    private static List<String> list(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection admin = store.database().connectAsSuperuser();
                Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
