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
import com.atlasco.atlas.postgres.tenant.ApiKeyStore;
import com.atlasco.atlas.postgres.tenant.KeyRing;
import com.atlasco.atlas.postgres.tenant.QuotaChange;
import com.atlasco.atlas.postgres.tenant.Quotas;
import com.atlasco.atlas.postgres.tenant.Scope;
import com.atlasco.atlas.postgres.tenant.SecretKey;
import com.atlasco.atlas.postgres.tenant.TenancyWatch;
import com.atlasco.atlas.postgres.tenant.Tenant;
import com.atlasco.atlas.postgres.tenant.TenantCatalog;
import com.atlasco.atlas.postgres.tenant.TenantDeletions;
import com.atlasco.atlas.postgres.tenant.TenantState;
import com.atlasco.atlas.postgres.tenant.TenantStore;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.IdempotencyKey;
import com.atlasco.atlas.postgres.write.WriteCondition;
import com.atlasco.atlas.postgres.write.WriteLimits;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.postgres.write.WriteRequest;
import com.atlasco.atlas.postgres.write.WriteResult;
import com.atlasco.atlas.server.quota.TenantQuotas;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys, quotas and deletions as several nodes of one primary see them. */
@ExtendWith(TestCluster.class)
class TenancyIT {

    /** Nodes ask four times a second; a busy machine adds to it. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Store store;
    private static TenantStore tenants;
    private static ApiKeyStore keys;

    @BeforeAll
    static void open(TestDatabase database) {
        store = Store.openIdle(database);
        tenants = new TenantStore(store.primary());
        keys = new ApiKeyStore(store.primary());
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Test
    void everyNodeHearsOfARevocationAndNeitherKeepsTheSecret() throws SQLException {
        TenantId tenant = tenant(Quotas.none());
        SecretKey secret = key(tenant);
        KeyRing ring = ring();
        try (TenancyWatch watch = TenancyWatch.start(store.primary(), List.of(ring))) {
            assertThat(watch).isNotNull();
            assertThat(ring.look(secret)).isInstanceOf(KeyRing.Answer.Valid.class);
            assertThat(ring.check(secret)).isPresent();
            assertThat(keys.revoke(tenant, secret.id())).isTrue();
            await().atMost(PATIENCE).until(() -> ring.look(secret) instanceof KeyRing.Answer.Invalid);
        }
        assertThat(query("SELECT k::text FROM api_key k WHERE key_id = '%s'".formatted(secret.id())))
                .hasSize(1)
                .noneMatch(row -> row.contains(secret.text().substring(23)));
        assertThat(keys.revoke(tenant(Quotas.none()), secret.id()))
                .as("another tenant's key")
                .isFalse();
    }

    @Test
    void aWrongSecretIsRefusedAndGuessesCostThePrimaryLittle() {
        TenantId tenant = tenant(Quotas.none());
        SecretKey secret = key(tenant);
        // Time stands still, so that a slow machine is not let look up more.
        KeyRing ring = new KeyRing(keys, InstantSource.system(), () -> 0L);
        SecretKey forged =
                new SecretKey(secret.id(), SecretKey.create(new Random(1)).text());
        assertThat(ring.look(forged)).isInstanceOf(KeyRing.Answer.Invalid.class);
        assertThat(ring.look(secret)).isInstanceOf(KeyRing.Answer.Valid.class);
        assertThat(ring.check(forged)).containsInstanceOf(KeyRing.Answer.Invalid.class);
        Random random = new Random(2);
        assertThatThrownBy(() -> {
                    for (int guess = 0; guess < 100_000; guess++) {
                        assertThat(ring.look(SecretKey.create(random))).isInstanceOf(KeyRing.Answer.Invalid.class);
                    }
                })
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(ring.look(secret)).as("a key in memory").isInstanceOf(KeyRing.Answer.Valid.class);
    }

    @Test
    void anExpiredKeyIsRefusedAndUseIsNotedLater() {
        TenantId tenant = tenant(Quotas.none());
        SecretKey secret = SecretKey.create(new Random(tenant.value()));
        InstantSource now = InstantSource.system();
        keys.create(
                tenant,
                secret,
                "short",
                Set.of(Scope.WRITE),
                Optional.of(now.instant().plusSeconds(3_600)));
        try (KeyRing ring = ring()) {
            assertThat(ring.look(secret)).isInstanceOf(KeyRing.Answer.Valid.class);
            assertThat(keys.list(tenant).getFirst().lastUsedAt()).isEmpty();
        }
        assertThat(keys.list(tenant).getFirst().lastUsedAt()).isPresent();
        KeyRing tomorrow = new KeyRing(keys, () -> now.instant().plus(Duration.ofDays(1)), System::nanoTime);
        assertThat(tomorrow.look(secret)).isInstanceOf(KeyRing.Answer.Invalid.class);
    }

    @Test
    void attributeTypesEndExactlyAtTheirLimitEvenWithManyAtOnce() {
        TenantId tenant = tenant(quotas(OptionalLong.empty(), OptionalLong.of(5), OptionalLong.empty()));
        List<String> outcomes = LongStream.range(0, 12)
                .parallel()
                .mapToObj(i -> {
                    try {
                        store.register(tenant, "a" + i, DataType.TEXT, true);
                        return "registered";
                    } catch (AtlasException refused) {
                        return refused.problem().code() + " at "
                                + refused.problem().place().orElse("");
                    }
                })
                .toList();
        assertThat(outcomes.stream().filter("registered"::equals)).hasSize(5);
        assertThat(outcomes.stream().filter("QUOTA_EXCEEDED at max_attribute_types"::equals))
                .hasSize(7);
    }

    @Test
    void entitiesEndAtTheirLimitAndNeighboursAreStored() {
        TenantId tenant = tenant(quotas(OptionalLong.of(10), OptionalLong.empty(), OptionalLong.empty()));
        TenantQuotas quotas = tenantQuotas(Duration.ofSeconds(1));
        write(quotas, tenant, creates(1, 8));
        List<EntityWrite> mixed = new ArrayList<>(creates(5, 12));
        mixed.add(new EntityWrite.Delete(1));
        mixed.add(new EntityWrite.Delete(99));
        List<WriteResult> results = write(quotas, tenant, mixed).results();
        assertThat(results.subList(0, 4)).allSatisfy(result -> refused(result, ErrorCode.ENTITY_EXISTS));
        assertThat(results.subList(4, 6))
                .allSatisfy(result -> assertThat(result).isInstanceOf(WriteResult.Stored.class));
        assertThat(results.subList(6, 8)).allSatisfy(result -> refused(result, ErrorCode.QUOTA_EXCEEDED));
        assertThat(results.get(8)).isInstanceOf(WriteResult.Deleted.class);
        refused(results.get(9), ErrorCode.ENTITY_NOT_FOUND);
        // One was deleted, so one may come.
        List<WriteResult> more = write(quotas, tenant, creates(20, 21)).results();
        assertThat(more.get(0)).isInstanceOf(WriteResult.Stored.class);
        refused(more.get(1), ErrorCode.QUOTA_EXCEEDED);
        assertThat(tenants.countEntities(tenant)).isEqualTo(10);
        // Another node makes room, and this one learns of it.
        write(tenantQuotas(Duration.ofSeconds(1)), tenant, List.of(new EntityWrite.Delete(2)));
        await().atMost(PATIENCE)
                .until(() -> write(quotas, tenant, creates(30, 30)).results().getFirst() instanceof WriteResult.Stored);
    }

    @Test
    void aBatchIsSlowedAndWhatComesTooLateIsRefusedItemByItem() {
        TenantId tenant = tenant(quotas(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(100)));
        // Time stands still, so that a slow machine gains nothing by writing slowly; the waits are real.
        TenantQuotas quotas = new TenantQuotas(
                new TenantCatalog(store.primary()), tenants, Runnable::run, () -> 0L, Duration.ofMillis(500));
        long began = System.nanoTime();
        List<WriteResult> results = quotas.writeSlowed(
                        tenant,
                        creates(1, 300).stream().map(WriteRequest::of).toList(),
                        (writes, limits) -> store.writer().write(tenant, writes, limits))
                .results();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        long stored = results.stream()
                .filter(result -> result instanceof WriteResult.Stored)
                .count();
        assertThat(results).hasSize(300);
        // A burst of 100, and 50 in half a second.
        assertThat(stored).isEqualTo(150);
        assertThat(took).isGreaterThan(Duration.ofMillis(400));
        assertThat(results.subList((int) stored, 300))
                .allSatisfy(result -> refused(result, ErrorCode.WRITE_RATE_EXCEEDED));
        assertThatThrownBy(() -> write(quotas, tenant, creates(1_000, 1_200)))
                .isInstanceOfSatisfying(AtlasException.class, tooFast -> {
                    assertThat(tooFast.problem().code()).isEqualTo(ErrorCode.WRITE_RATE_EXCEEDED);
                    assertThat(tooFast.problem().detail()).contains("100");
                    assertThat(tooFast.problem().retryAfter()).isPresent();
                });
    }

    @Test
    void everyNodeHearsOfNewQuotasAndDeletions() {
        TenantId tenant = tenant(Quotas.none());
        TenantCatalog catalog = new TenantCatalog(store.primary());
        try (TenancyWatch watch = TenancyWatch.start(store.primary(), List.of(catalog))) {
            assertThat(watch).isNotNull();
            assertThat(catalog.find(tenant).orElseThrow().quotas()).isEqualTo(Quotas.none());
            Quotas changed = quotas(OptionalLong.of(7), OptionalLong.of(8), OptionalLong.of(9));
            tenants.changeQuotas(tenant, QuotaChange.to(changed));
            await().atMost(PATIENCE)
                    .until(() -> catalog.find(tenant).orElseThrow().quotas().equals(changed));
            assertThat(tenants.beginDeletion(tenant)).isTrue();
            assertThat(tenants.beginDeletion(tenant)).isFalse();
            await().atMost(PATIENCE)
                    .until(() -> catalog.find(tenant).orElseThrow().state() == TenantState.DELETING);
        }
    }

    @Test
    void aDeletionIsGoneOnWithByAnotherNodeAndLeavesNothing() throws SQLException {
        TenantId tenant = tenant(Quotas.none());
        TenantId neighbour = tenant(Quotas.none());
        fill(tenant, 400);
        fill(neighbour, 40);
        fillWhatWritesLeaveBehind(tenant);
        key(tenant);
        tenants.beginDeletion(tenant);
        Tenant.Deletion partly;
        try (TenantDeletions first = TenantDeletions.start(store.primary(), "first", 25)) {
            assertThat(first).isNotNull();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> progress(tenant).rowsDone() > 0);
            partly = progress(tenant);
        }
        assertThat(partly.rowsDone()).isLessThan(partly.rowsTotal());
        // 400 entities with three values each, of which one is not in the pivot; three attribute types; a tombstone, an
        // idempotency key and a job.
        assertThat(partly.rowsTotal()).isEqualTo(400 + 800 + 3 + 3);
        assertThat(partly.entitiesTotal()).isEqualTo(400);
        assertThatThrownBy(() -> store.writer().write(tenant, creates(9_000, 9_000)))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.TENANT_NOT_FOUND));
        try (TenantDeletions second = TenantDeletions.start(store.primary(), "second", 25)) {
            assertThat(second).isNotNull();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> tenants.find(tenant).isEmpty());
        }
        assertThat(query("SELECT rows_done || ' ' || entities_done FROM tenant_deletion WHERE tenant_id = " + tenant))
                .containsExactly("1206 400");
        for (String table : query("""
                SELECT c.oid::regclass::text FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
                  AND c.relname <> 'tenant_deletion'""")) {
            assertThat(query("SELECT 1 FROM %s WHERE tenant_id = %s LIMIT 1".formatted(table, tenant)))
                    .as(table)
                    .isEmpty();
        }
        assertThat(tenants.countEntities(neighbour)).isEqualTo(40);
        assertThat(query("SELECT count(*) FROM entity_attribute WHERE tenant_id = " + neighbour))
                .containsExactly("80");
        assertThat(tenants.create(Optional.of(tenant), "again", Quotas.none())).isEmpty();
        assertThat(store.tenants().create(tenant, "again")).isFalse();
    }

    /** A key, a tombstone and a job of the pivot, which nobody works on here. */
    private static void fillWhatWritesLeaveBehind(TenantId tenant) throws SQLException {
        store.writer()
                .write(
                        tenant,
                        List.of(
                                new WriteRequest(
                                        creates(777, 777).getFirst(),
                                        new WriteCondition.Always(),
                                        Optional.of(IdempotencyKey.of("a key", "test"))),
                                WriteRequest.of(new EntityWrite.Delete(777))),
                        WriteLimits.none());
        store.register(tenant, "note", DataType.TEXT, true);
        for (String table : List.of("idempotency_key", "entity_tombstone", "pivot_job")) {
            assertThat(query("SELECT count(*) FROM %s WHERE tenant_id = %s".formatted(table, tenant)))
                    .as(table)
                    .containsExactly("1");
        }
    }

    @Test
    void aDeletionThatFailsKeepsNoOtherFromGoingOn() throws SQLException {
        TenantId failing = tenant(Quotas.none());
        TenantId behind = tenant(Quotas.none());
        fill(failing, 3);
        fill(behind, 3);
        execute("""
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
                    CREATE TRIGGER refuse BEFORE DELETE ON entity FOR EACH ROW WHEN (OLD.tenant_id = %s)
                        EXECUTE FUNCTION refuse();
                """.formatted(failing));
        assertThat(tenants.beginDeletion(failing)).isTrue();
        assertThat(tenants.beginDeletion(behind)).isTrue();
        try (TenantDeletions deletions = TenantDeletions.start(store.primary(), "node", 25)) {
            assertThat(deletions).isNotNull();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> tenants.find(behind).isEmpty());
            assertThat(tenants.find(failing)).isPresent();
            execute("DROP TRIGGER refuse ON entity; DROP FUNCTION refuse");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> tenants.find(failing).isEmpty());
        }
    }

    private static Tenant.Deletion progress(TenantId tenant) {
        return tenants.find(tenant).orElseThrow().deletion().orElseThrow();
    }

    private static void fill(TenantId tenant, int entities) {
        AttributeType score = store.register(tenant, "score", DataType.NUMBER, true);
        AttributeType name = store.register(tenant, "name", DataType.TEXT, true);
        AttributeType note = store.register(tenant, "note", DataType.TEXT, false);
        store.writer()
                .write(
                        tenant,
                        LongStream.rangeClosed(1, entities)
                                .<EntityWrite>mapToObj(id -> new EntityWrite.Create(
                                        Optional.of(id),
                                        "thing",
                                        Document.of(Map.of(
                                                score.attributeId(), new Value.NumberValue(id),
                                                name.attributeId(), new Value.TextValue("n" + id),
                                                note.attributeId(), new Value.TextValue("m" + id)))))
                                .toList());
    }

    private static void refused(WriteResult result, ErrorCode code) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(code));
    }

    private static WriteOutcome write(TenantQuotas quotas, TenantId tenant, List<EntityWrite> writes) {
        List<WriteRequest> requests = writes.stream().map(WriteRequest::of).toList();
        quotas.admit(tenant, requests.size());
        return quotas.withinEntities(
                tenant, requests, (some, limits) -> store.writer().write(tenant, some, limits));
    }

    private static List<EntityWrite> creates(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .<EntityWrite>mapToObj(id -> new EntityWrite.Create(Optional.of(id), "thing", Document.empty()))
                .toList();
    }

    private static TenantQuotas tenantQuotas(Duration patience) {
        return new TenantQuotas(new TenantCatalog(store.primary()), tenants, Runnable::run, System::nanoTime, patience);
    }

    private static KeyRing ring() {
        return new KeyRing(keys, InstantSource.system(), System::nanoTime);
    }

    private static SecretKey key(TenantId tenant) {
        SecretKey secret = SecretKey.create(new Random(1_000 + tenant.value()));
        keys.create(tenant, secret, "key", Set.of(Scope.READ, Scope.WRITE), Optional.empty());
        return secret;
    }

    private static TenantId tenant(Quotas quotas) {
        return tenants.create(Optional.empty(), "a tenant of a test", quotas).orElseThrow();
    }

    private static Quotas quotas(OptionalLong entities, OptionalLong attributeTypes, OptionalLong writes) {
        return new Quotas(entities, attributeTypes, writes);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection admin = store.database().connectAsSuperuser();
                Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(String sql) throws SQLException {
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
