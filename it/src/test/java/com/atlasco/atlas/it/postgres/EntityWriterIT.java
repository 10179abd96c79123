package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AtlasException;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.Entity;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.WriteOutcome;
import com.atlasco.atlas.postgres.write.WriteResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestCluster.class)
class EntityWriterIT {

    private static Store store;

    private TenantId tenant;
    private AttributeType score;
    private AttributeType name;
    private AttributeType since;
    private AttributeType active;
    private AttributeType extra;
    private AttributeType note;

    @BeforeAll
    static void open(TestDatabase database) {
        store = Store.open(database);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @BeforeEach
    void registerAttributes() {
        tenant = store.newTenant();
        score = store.register(tenant, "score", DataType.NUMBER, true);
        name = store.register(tenant, "name", DataType.TEXT, true);
        since = store.register(tenant, "since", DataType.TS, true);
        active = store.register(tenant, "active", DataType.BOOL, true);
        extra = store.register(tenant, "extra", DataType.JSON, true);
        note = store.register(tenant, "note", DataType.TEXT, false);
    }

    private Document full() {
        return Document.of(Map.of(
                score.attributeId(), new Value.NumberValue(0.1 + 0.2),
                name.attributeId(), new Value.TextValue("Ünïcode \uD83D\uDE00 \\ \" { } ' % _"),
                since.attributeId(), new Value.TimestampValue(-62135596800000000L + 1),
                active.attributeId(), new Value.BoolValue(false),
                extra.attributeId(), new Value.JsonValue("{\"a\":[1,2.5,\"x\"]}"),
                note.attributeId(), new Value.TextValue("n".repeat(10_000))));
    }

    private WriteOutcome write(EntityWrite... writes) {
        return store.writer().write(tenant, List.of(writes));
    }

    private static Value number(double number) {
        return new Value.NumberValue(number);
    }

    private EntityWrite merge(long id, Map<Integer, Optional<Value>> changes) {
        return new EntityWrite.Merge(id, Optional.of("thing"), changes);
    }

    @Test
    void whatIsWrittenIsReadBackWithEveryType() {
        assertThat(write(new EntityWrite.Create(Optional.of(7L), "thing", full()))
                        .results())
                .containsExactly(new WriteResult.Stored(7, 1, true));

        Entity entity = store.source().get(tenant, 7).orElseThrow();

        assertThat(entity.document()).isEqualTo(full());
        assertThat(entity.entityType()).isEqualTo("thing");
        assertThat(entity.version()).isEqualTo(1);
        assertThat(store.source().get(tenant, 8)).isEmpty();
    }

    @Test
    void thePivotHoldsExactlyTheFilterableValues() throws SQLException {
        write(new EntityWrite.Create(Optional.of(7L), "thing", full()));

        assertThat(pivot()).hasSize(5).noneMatch(row -> row.startsWith(note.attributeId() + "|"));

        write(merge(
                7,
                Map.of(
                        score.attributeId(), Optional.of(number(-5)),
                        name.attributeId(), Optional.of(new Value.TextValue("x".repeat(3_000))),
                        since.attributeId(), Optional.of(new Value.TimestampValue(253402300799999999L)),
                        active.attributeId(), Optional.of(new Value.BoolValue(true)),
                        extra.attributeId(), Optional.empty())));

        assertThat(pivot())
                .containsExactlyInAnyOrder(
                        score.attributeId() + "|7|-5",
                        name.attributeId() + "|7|" + "x".repeat(3_000),
                        since.attributeId() + "|7|253402300799999999",
                        active.attributeId() + "|7|true");

        write(new EntityWrite.Delete(7));

        assertThat(pivot()).isEmpty();
        assertThat(store.source().get(tenant, 7)).isEmpty();
    }

    @Test
    void aWriteThatChangesNothingMakesNoVersionAndTouchesNoRow() throws SQLException {
        write(new EntityWrite.Create(Optional.of(7L), "thing", full()));
        List<String> before = physicalRows();

        assertThat(write(
                                new EntityWrite.Replace(7, "thing", full()),
                                merge(7, Map.of(score.attributeId(), Optional.of(number(0.1 + 0.2)))))
                        .results())
                .containsExactly(new WriteResult.Stored(7, 1, false), new WriteResult.Stored(7, 1, false));

        assertThat(physicalRows()).isEqualTo(before);
    }

    @Test
    void anUnchangedValueKeepsItsPivotRow() throws SQLException {
        write(new EntityWrite.Create(Optional.of(7L), "thing", full()));
        List<String> before = physicalRows();

        write(merge(7, Map.of(note.attributeId(), Optional.empty())));

        assertThat(physicalRows().stream()
                        .filter(row -> row.startsWith("pivot"))
                        .toList())
                .isEqualTo(
                        before.stream().filter(row -> row.startsWith("pivot")).toList());
        assertThat(changedAttributes(7)).containsExactly(note.attributeId());
    }

    @Test
    void writesOfOneEntityInOneListApplyInOrder() throws SQLException {
        int id = score.attributeId();
        assertThat(write(
                                merge(9, Map.of(id, Optional.of(number(1)))),
                                merge(9, Map.of(id, Optional.of(number(1)))),
                                merge(9, Map.of(id, Optional.of(number(2)))),
                                new EntityWrite.Patch(9, Optional.of("other"), Map.of()),
                                new EntityWrite.Create(Optional.of(9L), "thing", Document.empty()),
                                new EntityWrite.Delete(9),
                                new EntityWrite.Delete(9),
                                new EntityWrite.Create(Optional.of(9L), "again", Document.of(Map.of(id, number(3)))))
                        .results())
                .satisfiesExactly(
                        result -> assertThat(result).isEqualTo(new WriteResult.Stored(9, 1, true)),
                        result -> assertThat(result).isEqualTo(new WriteResult.Stored(9, 1, false)),
                        result -> assertThat(result).isEqualTo(new WriteResult.Stored(9, 2, false)),
                        result -> assertThat(result).isEqualTo(new WriteResult.Stored(9, 3, false)),
                        result -> assertRefused(result, ErrorCode.ENTITY_EXISTS),
                        result -> assertThat(result).isEqualTo(new WriteResult.Deleted(9, 3)),
                        result -> assertRefused(result, ErrorCode.ENTITY_NOT_FOUND),
                        result -> assertThat(result).isEqualTo(new WriteResult.Stored(9, 4, true)));
        assertThat(pivot()).containsExactly(id + "|9|3");

        // A stored row that is deleted and created in one list goes on: nobody sees it gone.
        write(merge(9, Map.of(id, Optional.of(number(4)))));
        assertThat(write(
                                new EntityWrite.Delete(9),
                                new EntityWrite.Create(Optional.of(9L), "third", Document.of(Map.of(id, number(4)))))
                        .results())
                .containsExactly(new WriteResult.Deleted(9, 5), new WriteResult.Stored(9, 6, true));
        assertThat(pivot()).containsExactly(id + "|9|4");
        assertThat(changedAttributes(9)).isEmpty();
    }

    @Test
    void refusalsSayWhyAndLeaveTheNeighboursAlone() {
        List<WriteResult> results = write(
                        new EntityWrite.Patch(1, Optional.empty(), Map.of()),
                        new EntityWrite.Merge(2, Optional.empty(), Map.of()),
                        merge(3, Map.of()))
                .results();

        assertRefused(results.get(0), ErrorCode.ENTITY_NOT_FOUND);
        assertRefused(results.get(1), ErrorCode.INVALID_REQUEST);
        assertThat(results.get(2)).isEqualTo(new WriteResult.Stored(3, 1, true));
    }

    @Test
    void idsAreGivenOutAndOnesThatAreTakenAreNot() throws SQLException {
        WriteResult first = write(new EntityWrite.Create(Optional.empty(), "thing", Document.empty()))
                .results()
                .getFirst();
        long given = ((WriteResult.Stored) first).entityId();
        assertThat(given).isGreaterThanOrEqualTo(1L << 40);

        // Another connection has its own cache of the sequence: bring every near id along.
        List<EntityWrite> brought = new ArrayList<>();
        for (long id = given + 1; id < given + 2_000; id++) {
            brought.add(new EntityWrite.Create(Optional.of(id), "thing", Document.empty()));
        }
        store.writer().write(tenant, brought);
        List<WriteResult> results = write(
                        new EntityWrite.Create(Optional.empty(), "thing", Document.empty()),
                        new EntityWrite.Create(Optional.empty(), "thing", Document.empty()))
                .results();

        assertThat(results)
                .allSatisfy(result -> assertThat(result)
                        .isInstanceOfSatisfying(
                                WriteResult.Stored.class,
                                stored -> assertThat(stored.created()).isTrue()));
    }

    @Test
    void theOutcomesPositionContainsTheWrite() throws SQLException {
        WriteOutcome first = write(merge(1, Map.of()));
        WriteOutcome second = write(merge(2, Map.of()));

        assertThat(second.position().contains(first.position())).isTrue();
        assertThat(second.position()).isNotEqualTo(first.position());
        try (Connection connection = store.database().connectAsSuperuser();
                ResultSet row = connection
                        .createStatement()
                        .executeQuery(
                                "SELECT system_identifier, timeline_id FROM pg_control_system(), pg_control_checkpoint()")) {
            row.next();
            assertThat(second.position().systemId()).isEqualTo(row.getLong(1));
            assertThat(second.position().timeline()).isEqualTo(row.getInt(2));
        }
    }

    @Test
    void aTenantThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> store.writer().write(new TenantId(987_654), List.of(merge(1, Map.of()))))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        failure -> assertThat(failure.problem().code()).isEqualTo(ErrorCode.TENANT_NOT_FOUND));
    }

    private static void assertRefused(WriteResult result, ErrorCode code) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(code));
    }

    private List<String> pivot() throws SQLException {
        return query("""
                SELECT concat_ws('|', attribute_id, entity_id, value_number, value_text,
                       (extract(epoch FROM value_ts) * 1000000)::bigint,
                       CASE WHEN value_bool THEN 'true' WHEN NOT value_bool THEN 'false' END, value_jsonb)
                FROM entity_attribute WHERE tenant_id = ?""");
    }

    /** Where rows lie: a row that was written again has moved. */
    private List<String> physicalRows() throws SQLException {
        return query("""
                SELECT text FROM (
                    SELECT 'pivot ' || tableoid || ctid AS text FROM entity_attribute WHERE tenant_id = $1
                    UNION ALL SELECT 'entity ' || tableoid || ctid FROM entity WHERE tenant_id = $1) x ORDER BY 1""".replace("$1", tenant.toString()) + " OFFSET 0 * ?");
    }

    private List<Integer> changedAttributes(long entityId) throws SQLException {
        return Arrays.stream(query("SELECT unnest(changed_attributes) FROM entity WHERE tenant_id = ? AND entity_id = "
                                + entityId)
                        .toArray(String[]::new))
                .map(Integer::valueOf)
                .toList();
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = store.database().connectAsSuperuser();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, tenant.value());
            List<String> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(result.getString(1));
                }
            }
            return rows;
        }
    }
}
