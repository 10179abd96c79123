package com.atlasco.atlas.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atlasco.atlas.analytics.change.Change;
import com.atlasco.atlas.analytics.change.ChangeOrder;
import com.atlasco.atlas.model.DocumentCodec;
import com.atlasco.atlas.model.Lsn;
import com.atlasco.atlas.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {

    private static final Instant COMMITTED = Instant.parse("2026-01-02T03:04:06.000007Z");
    private static final ChangeOrder ORDER = new ChangeOrder(new Lsn(100), 4);

    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    private static final Schema KEY = SchemaBuilder.struct()
            .field("tenant_id", Schema.INT64_SCHEMA)
            .field("entity_id", Schema.INT64_SCHEMA)
            .build();

    private static final Schema ROW = SchemaBuilder.struct()
            .field("tenant_id", Schema.INT64_SCHEMA)
            .field("entity_id", Schema.INT64_SCHEMA)
            .field("entity_type", Schema.STRING_SCHEMA)
            .field("version", Schema.INT64_SCHEMA)
            .field("document", Schema.STRING_SCHEMA)
            .field("changed_attributes", SchemaBuilder.array(Schema.OPTIONAL_INT32_SCHEMA))
            .field("updated_at", Schema.STRING_SCHEMA)
            .optional()
            .build();

    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("source", SOURCE)
            .field("after", ROW)
            .build();

    @Test
    void anEntityIsReadWithItsMicroseconds() {
        assertThat(decode(record("u", "{\"7\": 1.5}", List.of(7, 9))))
                .isEqualTo(new CapturedRecord.Changed(new Change.EntityUpserted(
                        new TenantId(2),
                        11,
                        "user",
                        3,
                        Optional.of(DocumentCodec.decode("{\"7\": 1.5}")),
                        Set.of(7, 9),
                        Instant.parse("2026-01-02T03:04:05.123456Z"),
                        COMMITTED,
                        ORDER)));
    }

    @Test
    void onlyAnInsertSaysThatAnEntityIsNew() {
        assertThat(upserted(decode(record("c", "{}", List.of()))).created()).isTrue();
        assertThat(upserted(decode(record("u", "{}", List.of()))).created()).isFalse();
        assertThat(upserted(decode(record("r", "{}", List.of()))).created()).isFalse();
    }

    @Test
    void aValueThatTheLogDidNotCarryIsNotStoredAsData() {
        Change.EntityUpserted change = upserted(decode(record("u", ConnectorProperties.UNCHANGED, List.of(7))));
        assertThat(change.document()).isEmpty();
        assertThat(change.changedAttributes()).containsExactly(7);
    }

    @Test
    void unknownChangesOfAKnownDocumentAreAllOfIt() {
        List<Integer> placeholder = new ArrayList<>();
        for (byte unit : ConnectorProperties.UNCHANGED.getBytes(StandardCharsets.UTF_8)) {
            placeholder.add((int) unit);
        }
        assertThat(upserted(decode(record("u", "{\"7\": 1, \"8\": 2}", placeholder)))
                        .changedAttributes())
                .containsExactlyInAnyOrder(7, 8);
    }

    @Test
    void aDeletedEntityIsReadFromItsKey() {
        assertThat(decode(record("d", "{}", List.of())))
                .isEqualTo(new CapturedRecord.Changed(new Change.EntityDeleted(new TenantId(2), 11, COMMITTED, ORDER)));
    }

    @Test
    void aTruncatedTableIsSaid() {
        assertThat(decode(record("t", "{}", List.of()))).isEqualTo(new CapturedRecord.Truncated("entity"));
    }

    @Test
    void aRecordThatCannotBeReadIsAnErrorThatNamesItsRow() {
        assertThatThrownBy(() -> decode(record("u", "not a document", List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("entity_id=11");
    }

    @Test
    void theOffsetTellsTheCommitBefore() {
        assertThat(RecordDecoder.precedingCommit(record("u", "{}", List.of()))).hasValue(77);
    }

    private static CapturedRecord decode(SourceRecord record) {
        return RecordDecoder.decode(record, ORDER);
    }

    private static Change.EntityUpserted upserted(CapturedRecord captured) {
        assertThat(captured).isInstanceOf(CapturedRecord.Changed.class);
        return (Change.EntityUpserted) ((CapturedRecord.Changed) captured).change();
    }

    private static SourceRecord record(String operation, String document, List<Integer> changed) {
        Struct source = new Struct(SOURCE)
                .put("snapshot", "false")
                .put("table", "entity")
                .put("lsn", 80L)
                .put("ts_us", 1_767_323_046_000_007L);
        Struct envelope = new Struct(ENVELOPE).put("op", operation).put("source", source);
        if (List.of("c", "u", "r").contains(operation)) {
            envelope.put(
                    "after",
                    new Struct(ROW)
                            .put("tenant_id", 2L)
                            .put("entity_id", 11L)
                            .put("entity_type", "user")
                            .put("version", 3L)
                            .put("document", document)
                            .put("changed_attributes", changed)
                            .put("updated_at", "2026-01-02T03:04:05.123456Z"));
        }
        return new SourceRecord(
                Map.of("server", "atlas"),
                Map.of("lsn", 80L, "lsn_commit", 77L),
                "atlas.public.entity",
                KEY,
                new Struct(KEY).put("tenant_id", 2L).put("entity_id", 11L),
                ENVELOPE,
                envelope);
    }
}
