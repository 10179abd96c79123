package com.atlasco.atlas.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlasco.atlas.it.TestCluster;
import com.atlasco.atlas.it.TestCluster.TestDatabase;
import com.atlasco.atlas.model.AttributeType;
import com.atlasco.atlas.model.DataType;
import com.atlasco.atlas.model.Document;
import com.atlasco.atlas.model.ErrorCode;
import com.atlasco.atlas.model.TenantId;
import com.atlasco.atlas.model.Value;
import com.atlasco.atlas.postgres.registry.AttributeDefinition;
import com.atlasco.atlas.postgres.write.EntityWrite;
import com.atlasco.atlas.postgres.write.WriteResult;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A tenant that has written new entities only is expected to go on; whatever it does instead has its usual result. */
@ExtendWith(TestCluster.class)
class NewcomersIT {

    /** More than it takes to be expected to write more of them. */
    private static final int MANY = 300;

    private static Store store;

    private TenantId tenant;
    private AttributeType score;

    @BeforeAll
    static void open(TestDatabase database) {
        store = Store.openIdle(database);
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @BeforeEach
    void writeNewEntitiesOnly() {
        tenant = store.newTenant();
        score = store.register(tenant, "score", DataType.NUMBER, true);
        for (int transaction = 0; transaction < 3; transaction++) {
            List<EntityWrite> writes = new ArrayList<>();
            for (int i = 1; i <= MANY / 3; i++) {
                writes.add(replace(transaction * (MANY / 3L) + i, i));
            }
            assertThat(write(writes))
                    .allMatch(result -> result instanceof WriteResult.Stored(var _, var _, boolean created) && created);
        }
    }

    private List<WriteResult> write(List<EntityWrite> writes) {
        return store.writer().write(tenant, writes).results();
    }

    private Document document(double value) {
        return Document.of(Map.of(score.attributeId(), new Value.NumberValue(value)));
    }

    private EntityWrite replace(long id, double value) {
        return new EntityWrite.Replace(id, "thing", document(value));
    }

    private Optional<Double> stored(long id) {
        return store.source()
                .get(tenant, id)
                .flatMap(entity -> entity.document().find(score.attributeId()))
                .map(value -> ((Value.NumberValue) value).number());
    }

    private long pivotRows() throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        store.database().jdbcUrl(),
                        store.database().superuser(),
                        store.database().password());
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM entity_attribute WHERE tenant_id = " + tenant)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void anEntityThatIsThereIsReplacedBesideNewOnes() throws SQLException {
        assertThat(write(List.of(replace(1_000, 1), replace(5, 2), replace(1_001, 3))))
                .containsExactly(
                        new WriteResult.Stored(1_000, 1, true),
                        new WriteResult.Stored(5, 2, false),
                        new WriteResult.Stored(1_001, 1, true));
        assertThat(stored(5)).contains(2.0);
        assertThat(stored(1_001)).contains(3.0);
        assertThat(pivotRows()).isEqualTo(MANY + 2);
    }

    @Test
    void aTakenIdIsRefusedBesideNewOnes() {
        List<WriteResult> results = write(List.of(
                new EntityWrite.Create(Optional.of(5L), "thing", document(9)),
                new EntityWrite.Create(Optional.of(1_000L), "thing", document(9))));
        assertThat(results.getFirst())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ErrorCode.ENTITY_EXISTS));
        assertThat(results.getLast()).isEqualTo(new WriteResult.Stored(1_000, 1, true));
        assertThat(stored(5)).contains(5.0);
    }

    @Test
    void whatNeedsALookGetsOne() {
        assertThat(write(List.of(
                        new EntityWrite.Delete(7),
                        new EntityWrite.Patch(
                                8,
                                Optional.empty(),
                                Map.of(score.attributeId(), Optional.of(new Value.NumberValue(80)))),
                        replace(1_000, 1),
                        new EntityWrite.SetAttribute(9, score.attributeId(), new Value.NumberValue(90)))))
                .containsExactly(
                        new WriteResult.Deleted(7, 1),
                        new WriteResult.Stored(8, 2, false),
                        new WriteResult.Stored(1_000, 1, true),
                        new WriteResult.Stored(9, 2, false));
        assertThat(stored(7)).isEmpty();
        assertThat(stored(8)).contains(80.0);
    }

    @Test
    void anEntityThatWasDeletedGoesOnAboveItsLastVersion() {
        write(List.of(new EntityWrite.Delete(7)));
        List<EntityWrite> others = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            others.add(replace(2_000 + i, i));
        }
        write(others);
        assertThat(write(List.of(replace(7, 70)))).containsExactly(new WriteResult.Stored(7, 2, true));
    }

    /** The other node's copy of the registry is older than the writer's transaction: it has to be noticed. */
    @Test
    void anAttributeThatHasJustBecomeFilterableElsewhereIsInThePivot() throws SQLException {
        try (Store other = Store.openIdle(store.database())) {
            AttributeType note = other.register(tenant, "note", DataType.NUMBER, false);
            // This node learns of it, as not filterable.
            store.registry()
                    .register(
                            tenant,
                            new AttributeDefinition(
                                    "note", DataType.NUMBER, false, false, Optional.empty(), Optional.empty()));
            other.registry()
                    .register(
                            tenant,
                            new AttributeDefinition(
                                    "note", DataType.NUMBER, true, false, Optional.empty(), Optional.empty()));
            Document both = Document.of(Map.of(
                    score.attributeId(), new Value.NumberValue(1), note.attributeId(), new Value.NumberValue(2)));
            assertThat(write(List.of(new EntityWrite.Replace(1_000, "thing", both))))
                    .containsExactly(new WriteResult.Stored(1_000, 1, true));
            assertThat(pivotRows()).isEqualTo(MANY + 2);
        }
    }
}
